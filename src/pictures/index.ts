/** Pictures of reports and runs as SVG files, drawn by the panels' own code, in light colours that print. No page is needed. */
export { diffPicture } from './diffPicture.js';
export { runPicture } from './runPicture.js';

/** What a model is given and where it ends, as far as its files disagree about it. */
export { behaviourCodes, behaviourFindings } from './behaviourFindings.js';

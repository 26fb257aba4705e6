/** ZIP archives, as far as checkpoints are stored in them: files are found, and read where they lie. */
export { readZipDirectory, type ZipDirectory, type ZipEntry } from './zipDirectory.js';
export { isStoredEntry, locateEntry, readEntry } from './zipEntryData.js';

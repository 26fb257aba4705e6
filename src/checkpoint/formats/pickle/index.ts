/** Python's pickles, read as data. */
export { PickleFault } from './pickleCursor.js';
export * from './pickleValue.js';
export { unpickle, type Unpickled } from './unpickle.js';

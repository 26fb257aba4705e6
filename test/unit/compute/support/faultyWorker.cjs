/**
 * A worker that answers like the real one and fails as the tensor's name tells it to: `throw`, `exit`, `memory`, `hang`;
 * any other task is answered with its name.
 */
const { parentPort } = require('node:worker_threads');

const faults = {
  exit: () => process.exit(3),
  throw: () => {
    throw new TypeError('the worker has a bug');
  },
  memory: () => {
    const kept = [];
    for (;;) kept.push(new Array(1e6).fill(kept.length));
  },
  hang: () => undefined,
};

parentPort.on('message', ({ id, task }) => {
  const { tensor } = task.pairs[0].a;
  if (tensor === 'failure')
    parentPort.postMessage({ kind: 'failure', id, failure: { name: 'RangeError', message: 'this task is impossible' } });
  else if (tensor in faults) faults[tensor]();
  else parentPort.postMessage({ kind: 'result', id, result: tensor });
});
parentPort.postMessage({ kind: 'ready', detail: 'faulty' });

/** Prints as JSON whether WebGPU runs here. */
import { probeGpu } from '../../../../src/compute/gpu/index.js';

void probeGpu().then((probe) => process.stdout.write(JSON.stringify(probe)));

/**
 * A fine-tuning command without a framework: adds `update[i] = i % 5 + 1` to every float32 value of model.safetensors.
 * Usage: trainer.mjs START OUT [MODE]. With MODE `steps`, each start of the command does one of three steps and all but
 * the last end with exit code 9, so that only a command that gets its folder back comes to an end.
 */
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [start, out, mode = 'well'] = process.argv.slice(2);
const file = 'model.safetensors';

function trained(bytes, change = (value, i) => value + (i % 5) + 1) {
  const dataStart = 8 + Number(bytes.readBigUInt64LE());
  const copy = Buffer.from(bytes);
  for (let at = dataStart, i = 0; at < copy.length; at += 4, i++) copy.writeFloatLE(change(copy.readFloatLE(at), i), at);
  return copy;
}

function save(bytes) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, file), bytes);
  if (existsSync(join(start, 'config.json'))) copyFileSync(join(start, 'config.json'), join(out, 'config.json'));
}

const weights = readFileSync(join(start, file));
console.log(`training ${mode}`);
switch (mode) {
  case 'well':
    save(trained(weights));
    break;
  case 'steps': {
    mkdirSync(out, { recursive: true });
    appendFileSync(join(out, 'steps.txt'), 'step\n');
    const count = readFileSync(join(out, 'steps.txt'), 'utf8').length / 5;
    if (count < 3) process.exit(9);
    save(trained(weights));
    break;
  }
  case 'fail':
    console.error('out of memory');
    process.exit(3);
    break;
  case 'nothing':
    break;
  case 'garbage':
    save(Buffer.from('this is no checkpoint'));
    break;
  case 'nan':
    save(trained(weights, (value, i) => (i === 3 ? NaN : value)));
    break;
  case 'idle':
    save(weights);
    break;
  case 'reshape':
    save(Buffer.from(weights.toString('latin1').replace('[4,3]', '[3,4]'), 'latin1'));
    break;
  case 'rename':
    mkdirSync(out, { recursive: true });
    save(weights);
    writeFileSync(join(out, 'config.json'), JSON.stringify({ model_type: 'gpt2' }));
    break;
  case 'hang':
    writeFileSync(`${out}.begun`, '');
    setInterval(() => undefined, 1000);
    break;
  default:
    throw new Error(`no mode ${mode}`);
}

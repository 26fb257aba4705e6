/** Entry of the thread that runs tokenizers: their expressions are strangers', and one that never comes to an end ends with it. */
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../base/errors.js';
import { FormatError } from '../../base/formatError.js';
import { encodeText, spell } from './encodeText.js';
import { loadTokenizer } from './loadTokenizer.js';
import { nameTokens } from './nameTokens.js';
import type { TokenizerAnswer, TokenizerMessage, TokenizerRequest, TokenizerResults } from './protocol.js';
import type { LoadedTokenizer } from './tokenizer.js';

const port = parentPort!;
const loaded: LoadedTokenizer[] = [];

function perform(request: TokenizerRequest): Promise<TokenizerResults['load' | 'name']> | TokenizerResults['encode' | 'spell'] {
  switch (request.kind) {
    case 'load':
      return load(request);
    case 'encode':
      return request.texts.map((text) => withoutText(encodeText(loaded[request.tokenizer]!, text)));
    case 'spell':
      return spell(loaded[request.tokenizer]!, Uint32Array.of(request.token));
    case 'name':
      return nameTokens(request.roots, request.tokens);
    default:
      return request satisfies never;
  }
}

async function load({ files }: Extract<TokenizerRequest, { kind: 'load' }>): Promise<TokenizerResults['load']> {
  const tokenizer = await loadTokenizer(files);
  const { file, hash, bosToken, bosReason, unknownToken, findings } = tokenizer;
  return { tokenizer: loaded.push(tokenizer) - 1, facts: { file, hash, bosToken, bosReason, unknownToken, findings } };
}

function withoutText({ tokens, byteLengths, isSpelled }: ReturnType<typeof encodeText>): TokenizerResults['encode'][number] {
  return { tokens, byteLengths, isSpelled };
}

async function answer({ id, request }: TokenizerMessage): Promise<void> {
  try {
    post({ kind: 'result', id, result: await perform(request) });
  } catch (error) {
    post({ kind: 'failure', id, fault: error instanceof FormatError ? error.fault : null, message: messageOf(error) });
  }
}

function post(message: TokenizerAnswer): void {
  port.postMessage(message);
}

port.on('message', (message: TokenizerMessage) => void answer(message));

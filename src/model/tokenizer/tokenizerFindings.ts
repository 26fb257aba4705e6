import type { Finding } from '../../checkpoint/index.js';
import { isRecord } from '../../base/json/record.js';
import { componentsOf, type Component } from './faithfulSplits.js';

/** What a `tokenizer.json` asks for that is not done here as the Rust library does it; its scores may differ a little. */
export function tokenizerFindings(tokenizer: Component, file: string): Finding[] {
  const reasons = [
    ...splitReasons(tokenizer),
    ...normalizerReasons(tokenizer),
    ...addedTokenReasons(tokenizer),
    ...modelReasons(tokenizer),
  ];
  return reasons.map((reason) => ({
    severity: 'warning',
    code: 'tokenizer-differs',
    message: `${reason} Some texts may get other tokens than in training; compare with the original tokenizer before relying on small differences.`,
    file,
  }));
}

function splitReasons(tokenizer: Component): string[] {
  return componentsOf(tokenizer['pre_tokenizer'], 'pretokenizers').flatMap(({ type, behavior, invert }) => {
    const joins =
      behavior === 'Contiguous' || (typeof behavior === 'string' && behavior.startsWith('Merged') && (type !== 'Split' || invert === true));
    return joins ? [`Its pre-tokenizer ${String(type)} has the behaviour ${behavior}, which is not supported: matches stand alone.`] : [];
  });
}

function normalizerReasons(tokenizer: Component): string[] {
  const hasTable = componentsOf(tokenizer['normalizer'], 'normalizers').some(({ type }) => type === 'Precompiled');
  return hasTable ? ['Its normalizer is a compiled table, in place of which NFKC with the usual exceptions is used.'] : [];
}

function addedTokenReasons(tokenizer: Component): string[] {
  const listed = Array.isArray(tokenizer['added_tokens']) ? tokenizer['added_tokens'].filter(isRecord) : [];
  const words = listed.filter(({ single_word: isWord }) => isWord === true).length;
  return words === 0 ? [] : [`${words} of its added tokens stand for whole words only; they are found within words as well.`];
}

function modelReasons({ model }: Component): string[] {
  const dropout = isRecord(model) ? model['dropout'] : null;
  return typeof dropout === 'number' && dropout > 0 ? [`It drops merges at random (dropout ${dropout}); none are dropped here.`] : [];
}

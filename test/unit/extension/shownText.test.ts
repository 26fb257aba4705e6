import assert from 'node:assert/strict';
import { labelText, noticeText } from '../../../src/extension/kit/shownText.js';

describe('text that VS Code shows', () => {
  it('makes no link of a name in a notification', () => {
    // What VS Code takes for one (vs/base/common/linkedText.ts).
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
    const name = 'model [Trust](command:workbench.trust.manage "x")';
    assert.match(name, link);
    assert.doesNotMatch(noticeText(name), link);
    assert.equal(noticeText('a\nb\u202e'), 'a\nb\\u202e');
  });

  it('makes no icon of a name in a list', () => {
    assert.equal(labelText('$(verified) \u200bbase'), '\\$(verified) \\u200bbase');
  });
});

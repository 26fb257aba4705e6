import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvLine } from '../../../src/compare/report/csv.js';
import { describeFault, quoteName } from '../../../src/base/formatError.js';
import { escapeMarkdown, markdownCode } from '../../../src/base/markdown.js';
import { visibleLines, visibleText } from '../../../src/base/visibleText.js';
import { Channel } from '../../../src/webview/channel.js';

/** Each hides, reorders or obeys in some renderer. */
const hostile = [
  ...['\u0000', '\u0007', '\u001b', '\u007f', '\u009b', '\r'],
  ...['\u00ad', '\u061c', '\u115f', '\u180e', '\u200b', '\u200f', '\u2028', '\u2029', '\u202e', '\u2060', '\u2066', '\u3164'],
  ...['\ufe0f', '\ufeff', '\uffa0', '\ufff9', '\u{e0041}', '\u{e0100}', '\ud800', '\udc00'],
];

describe('text that shows all its characters', () => {
  it('escapes what hides or reorders text or commands a terminal, and nothing else', () => {
    assert.equal(visibleText('\u202egnp.weight\u200b\u0000'), '\\u202egnp.weight\\u200b\\u0000');
    assert.equal(visibleText('a\u{e0041}\n'), 'a\\udb40\\udc41\\u000a');
    for (const character of hostile) assert.match(visibleText(`a${character}b`), /^a(\\u[0-9a-f]{4})+b$/, escape(character));
    for (const text of ['模型.<b>', 'é', 'e\u0301', '👍🏽', 'naïve “α” − ‖Δ‖', 'a b\u00a0c']) assert.equal(visibleText(text), text);
  });

  it('leaves line feeds and tabs where lines are shown', () => {
    assert.equal(visibleLines('a\tb\r\nc\u2028d\n'), 'a\tb\\u000d\nc\\u2028d\n');
  });

  it('changes no JSON but its spelling (seed 21)', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 4 }), (value) => {
        const json = visibleLines(JSON.stringify(value, null, 2));
        assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)));
        assert.equal(visibleLines(json), json);
      }),
      { seed: 21, numRuns: 300 },
    );
  });

  it('reaches messages, Markdown, CSV and pages escaped', async () => {
    for (const character of hostile) {
      const name = `a${character}b`;
      const texts = [
        quoteName(name),
        describeFault({ file: name, tensor: name, problem: 'it is odd', remedy: 'Look.' }),
        escapeMarkdown(name),
        markdownCode(name),
        csvLine([name]).slice(0, -2),
        await throughPage(name),
      ];
      for (const text of texts) assert.equal(visibleText(text), text, escape(character));
    }
  });

  it('leaves Markdown, entities and mathematics no meaning', () => {
    assert.equal(escapeMarkdown('&#8238;$x$ [a](b)\n- c'), '\\&\\#8238;\\$x\\$ \\[a\\](b) - c');
  });
});

/** What a panel gets of a name that its host knows. */
async function throughPage(name: string): Promise<string> {
  interface Requests {
    name: { params: undefined; result: { readonly [key: string]: string } };
  }
  const page = new Channel<Requests, object>((message) => {
    host.receive(message);
  });
  const host: Channel<Requests, object> = new Channel((message) => {
    page.receive(message);
  });
  host.handle({ name: () => ({ [name]: name }) });
  return JSON.stringify(await page.request('name')).replaceAll('\\\\', '\\');
}

function escape(character: string): string {
  return JSON.stringify(character);
}

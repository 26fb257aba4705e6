import assert from 'node:assert/strict';
import { Channel } from '../../../src/webview/channel.js';

interface Requests {
  double: { params: number; result: number };
  fail: { params: { late: boolean }; result: null };
  nothing: { params: undefined; result: null };
  wait: { params: undefined; result: string };
}

interface Events {
  progress: { fraction: number };
}

type TestChannel = Channel<Requests, Events>;

/** Two ends joined as VS Code joins them: asynchronously, through JSON. */
function connected(): { host: TestChannel; panel: TestChannel } {
  const deliver = (receiver: () => TestChannel) => (message: unknown) => {
    const json = JSON.stringify(message);
    queueMicrotask(() => {
      receiver().receive(JSON.parse(json));
    });
  };
  const host: TestChannel = new Channel(deliver(() => panel));
  const panel: TestChannel = new Channel(deliver(() => host));
  return { host, panel };
}

function answering(release: Promise<string> = Promise.resolve('done')) {
  const ends = connected();
  ends.host.handle({
    double: (value) => value * 2,
    fail: ({ late }) => {
      if (late) return Promise.reject(new RangeError('late failure'));
      throw new TypeError('early failure');
    },
    nothing: () => undefined as unknown as null,
    wait: () => release,
  });
  return ends;
}

describe('Channel', () => {
  it('answers a request, also with numbers that JSON lacks', async () => {
    const { panel } = answering();
    assert.equal(await panel.request('double', 21), 42);
    assert.equal(await panel.request('double', -Infinity), -Infinity);
    assert.ok(Number.isNaN(await panel.request('double', NaN)));
  });

  it('carries a thrown error and a rejection back by name and message', async () => {
    const { panel } = answering();
    await assert.rejects(panel.request('fail', { late: false }), { name: 'TypeError', message: 'early failure' });
    await assert.rejects(panel.request('fail', { late: true }), { name: 'RangeError', message: 'late failure' });
  });

  it('settles with null when a handler returns nothing', async () => {
    const { panel } = answering();
    assert.equal(await panel.request('nothing'), null);
  });

  it('answers an unknown method with an error, also one that every object has', async () => {
    const { panel } = answering();
    const stranger = panel as unknown as Channel<Record<string, { params: undefined; result: null }>, Events>;
    await assert.rejects(stranger.request('missing'), { message: 'Unknown request "missing".' });
    await assert.rejects(stranger.request('toString'), { message: 'Unknown request "toString".' });
  });

  it('rejects what is pending on dispose, and every request after it', async () => {
    const { panel } = answering();
    const pending = panel.request('wait');
    panel.dispose();
    await assert.rejects(pending, { message: 'The panel was closed before an answer came.' });
    await assert.rejects(panel.request('wait'), { message: '"wait" was asked after the panel had closed.' });
  });

  it('ignores a reply that comes after dispose, a second reply and foreign messages', async () => {
    let reply: unknown;
    const panel: TestChannel = new Channel((message) => (reply = message));
    const pending = panel.request('wait');
    panel.receive({ kind: 'result', id: 1, result: 'first' });
    panel.receive({ kind: 'result', id: 1, result: 'second' });
    for (const foreign of [null, 'text', 7, {}, { kind: 'theme' }, { kind: 'result', id: 99, result: 0 }]) panel.receive(foreign);
    assert.equal(await pending, 'first');
    panel.dispose();
    panel.receive({ kind: 'result', id: 1, result: 'late' });
    assert.deepEqual(reply, { kind: 'request', id: 1, method: 'wait', params: undefined });
  });

  it('sends no answer when the host was disposed while its handler ran', async () => {
    const sent: unknown[] = [];
    let release: (value: string) => void = () => undefined;
    const host: TestChannel = new Channel((message) => sent.push(message));
    const released = new Promise<string>((resolve) => (release = resolve));
    host.handle({ double: (value) => value, fail: () => null, nothing: () => null, wait: () => released });
    host.receive({ kind: 'request', id: 1, method: 'wait' });
    host.dispose();
    release('too late');
    await released;
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(sent, []);
  });

  it('rejects a request whose message cannot be sent', async () => {
    const panel: TestChannel = new Channel(() => {
      throw new Error('transport is gone');
    });
    await assert.rejects(panel.request('wait'), { message: 'transport is gone' });
  });

  it('delivers events until the listener is undone', async () => {
    const { host, panel } = answering();
    const heard: number[] = [];
    const undo = panel.on('progress', ({ fraction }) => heard.push(fraction));
    host.emit('progress', { fraction: 0.5 });
    await panel.request('nothing');
    undo();
    host.emit('progress', { fraction: 0.75 });
    await panel.request('nothing');
    assert.deepEqual(heard, [0.5]);
  });
});

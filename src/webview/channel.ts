import { visibleValues } from './visibleValues.js';
import { decodeFromWire, encodeForWire } from './wire.js';

/** Every request: what it takes and what it returns. */
export type RequestMap<Requests> = { readonly [Method in keyof Requests]: { params: unknown; result: unknown } };

export type Handlers<Requests extends RequestMap<Requests>> = {
  readonly [Method in keyof Requests]: (
    params: Requests[Method]['params'],
  ) => Requests[Method]['result'] | Promise<Requests[Method]['result']>;
};

/** Parameters may be left out where a method takes none. */
type Arguments<Params> = undefined extends Params ? [params?: Params] : [params: Params];
type AnyHandler = (params: unknown) => unknown;
type Listener = (payload: unknown) => void;

interface SerialisedError {
  readonly name: string;
  readonly message: string;
}

type Message =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: SerialisedError }
  | { readonly kind: 'event'; readonly event: string; readonly payload: unknown };

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const messageKinds: readonly unknown[] = ['request', 'result', 'error', 'event'];

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'kind' in message && messageKinds.includes(message.kind);
}

function serialise(error: unknown): SerialisedError {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) };
}

function deserialise({ name, message }: SerialisedError): Error {
  return Object.assign(new Error(message), { name });
}

/**
 * Typed requests and events between an extension host and a webview; both sides use this class.
 * The transport is injected: `post` sends, and whoever owns the transport calls `receive` with what arrives. What a page is
 * told is visible text (`visibleText`), in whatever way it is drawn then.
 */
export class Channel<Requests extends RequestMap<Requests>, Events extends object> {
  private readonly handlers = new Map<string, AnyHandler>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private disposed = false;

  constructor(private readonly post: (message: unknown) => unknown) {}

  /** Answers requests of the other side. What a handler throws, or rejects with, becomes the other side's error. */
  handle(handlers: Handlers<Requests>): void {
    for (const [method, handler] of Object.entries(handlers)) this.handlers.set(method, handler as AnyHandler);
  }

  /** Resolves to the other side's answer; rejects with its error, or when the channel is disposed. */
  request<Method extends keyof Requests & string>(
    method: Method,
    ...[params]: Arguments<Requests[Method]['params']>
  ): Promise<Requests[Method]['result']> {
    if (this.disposed) return Promise.reject(new Error(`"${method}" was asked after the panel had closed.`));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.send({ kind: 'request', id, method, params });
    });
  }

  /** Tells the other side; nothing is answered. */
  emit<Event extends keyof Events & string>(event: Event, payload: Events[Event]): void {
    this.send({ kind: 'event', event, payload });
  }

  /** Listens to an event of the other side. The returned function stops listening. */
  on<Event extends keyof Events & string>(event: Event, listener: (payload: Events[Event]) => void): () => void {
    const listeners = this.listeners.get(event) ?? new Set<Listener>();
    this.listeners.set(event, listeners.add(listener as Listener));
    return () => void listeners.delete(listener as Listener);
  }

  /** Feeds a message that arrived. Anything that is not of this channel is ignored, late replies too. */
  receive(message: unknown): void {
    if (this.disposed || !isMessage(message)) return;
    switch (message.kind) {
      case 'request':
        void this.answer(message.id, message.method, decodeFromWire(message.params));
        return;
      case 'result':
        this.take(message.id)?.resolve(decodeFromWire(message.result));
        return;
      case 'error':
        this.take(message.id)?.reject(deserialise(message.error));
        return;
      case 'event':
        for (const listener of this.listeners.get(message.event) ?? []) listener(decodeFromWire(message.payload));
        return;
    }
  }

  /** Ends the channel: what is pending is rejected, and nothing is sent or heard any more. */
  dispose(): void {
    this.disposed = true;
    for (const { reject } of this.pending.values()) reject(new Error('The panel was closed before an answer came.'));
    this.pending.clear();
    this.handlers.clear();
    this.listeners.clear();
  }

  private async answer(id: number, method: string, params: unknown): Promise<void> {
    try {
      const handler = this.handlers.get(method);
      if (!handler) throw new Error(`Unknown request "${method}".`);
      const result = (await handler(params)) ?? null;
      this.send({ kind: 'result', id, result });
    } catch (error) {
      this.send({ kind: 'error', id, error: serialise(error) });
    }
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private send(message: Message): void {
    if (!this.disposed) this.post(encodeForWire(message.kind === 'request' ? message : visibleValues(message)));
  }
}

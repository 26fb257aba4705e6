/** How VS Code carries a message between host and webview: as JSON, with typed arrays and buffers carried beside it. */
export function asVsCodeCarriesIt(message: unknown): unknown {
  const buffers: unknown[] = [];
  const json = JSON.stringify(message, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) return value;
    return { $buffer: buffers.push(value) - 1 };
  });
  return JSON.parse(json, (_, value: unknown) => {
    const index = typeof value === 'object' && value !== null && '$buffer' in value ? value.$buffer : undefined;
    return typeof index === 'number' ? structuredClone(buffers[index]) : value;
  });
}

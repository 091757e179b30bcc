export interface SseMessage {
  id: string;
  event: string;
  data: string;
}

/** Server-sent events out of a byte stream (WHATWG HTML, 9.2.6), one message at a time. */
export async function* readSse(stream: ReadableStream<Uint8Array>): AsyncGenerator<SseMessage> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      const blocks = buffer.split(/\r?\n\r?\n/);
      buffer = blocks.pop() ?? "";
      for (const block of blocks) {
        const message = parseBlock(block);
        if (message) yield message;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): SseMessage | undefined {
  const message: SseMessage = { id: "", event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const field = line.slice(0, colon);
    const text = line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(text);
    else if (field === "id") message.id = text;
    else if (field === "event") message.event = text;
  }
  if (data.length === 0) return undefined;
  return { ...message, data: data.join("\n") };
}

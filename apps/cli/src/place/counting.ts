/** `fetch` that reports how much of a form it has sent: the built-in one tells nothing until the answer is there. */
export function countingFetch(onSent: (bytes: number) => void): typeof fetch {
  return (input, init) => {
    if (!(init?.body instanceof FormData)) return fetch(input, init);
    const form = new Response(init.body);
    let sent = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        sent += chunk.byteLength;
        onSent(sent);
        controller.enqueue(chunk);
      },
    });
    const headers = {
      ...(init.headers as Record<string, string>),
      "content-type": form.headers.get("content-type") ?? "",
    };
    const body = form.body?.pipeThrough(counter) ?? null;
    return fetch(input, { ...init, headers, body, duplex: "half" } as RequestInit);
  };
}

import { ApiError, problemFrom, unreachable } from "./error.js";

export interface UploadFile {
  /** Path relative to the model's directory, with "/" between names. */
  path: string;
  data: Blob;
}

export interface UploadInput {
  name: string;
  files: UploadFile[];
  licence?: string;
  origin?: string;
  tags?: Record<string, string>;
  /** Name of a key that the server holds and that should sign the model: `author` in a local set-up. */
  signAs?: string;
}

export interface UploadOptions {
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
  idempotencyKey?: string;
}

/** Fields come before files, so that the server can refuse a bad name before it reads any bytes. */
export function uploadForm(input: UploadInput): FormData {
  const form = new FormData();
  form.append("name", input.name);
  if (input.licence !== undefined) form.append("licence", input.licence);
  if (input.origin !== undefined) form.append("origin", input.origin);
  if (input.tags !== undefined) form.append("tags", JSON.stringify(input.tags));
  if (input.signAs !== undefined) form.append("signAs", input.signAs);
  for (const file of input.files) form.append("file", file.data, file.path);
  return form;
}

/** The part of XMLHttpRequest that is used; `fetch` cannot report what it has sent. */
interface Xhr {
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: FormData): void;
  abort(): void;
  withCredentials: boolean;
  readonly status: number;
  readonly responseText: string;
  readonly upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
}

export function xhrAvailable(): boolean {
  return typeof (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest === "function";
}

export function sendWithProgress(
  url: string,
  headers: Record<string, string>,
  form: FormData,
  options: UploadOptions,
): Promise<unknown> {
  const Constructor = (globalThis as unknown as { XMLHttpRequest: new () => Xhr }).XMLHttpRequest;
  return new Promise((resolve, reject) => {
    const xhr = new Constructor();
    xhr.open("POST", url);
    xhr.withCredentials = true;
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => options.onProgress?.(event.loaded, event.total);
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText));
      else reject(new ApiError(problemFrom(xhr.status, xhr.responseText)));
    };
    xhr.onerror = () => reject(unreachable(url, new Error("the connection failed")));
    xhr.onabort = () => reject(options.signal?.reason ?? new Error("aborted"));
    options.signal?.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}

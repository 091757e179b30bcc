/** Milliseconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), up to `longest`. */
export function retryAfter(header: string | null, now: number, longest: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.min(longest, Math.max(0, wait)) : undefined;
}

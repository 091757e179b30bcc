/** Whether a path in an archive leads out of the directory that it is unpacked into, on any system. */
export function leadsOut(path: string): boolean {
  return /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:[\\/]/.test(path);
}

export function show(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 117)}...` : name);
}

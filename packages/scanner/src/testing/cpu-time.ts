/** Milliseconds of processor time of this process: a busy machine does not make work look slow by it. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The names that the scanner's lists have something to say of: `[module, name]`, those with checked arguments first. */
export function globalsOf(module) {
  const checked = [];
  const others = [];
  for (const text of Object.values(module).flat()) {
    if (typeof text !== "string" || !text.startsWith("{")) continue;
    const { allow = [], dangerous = [] } = JSON.parse(text);
    for (const [path, names, , check] of allow) {
      for (const name of names.split(" ")) (check ? checked : others).push([path, name]);
    }
    for (const [, paths] of dangerous) {
      for (const path of paths.split(" "))
        others.push([path.replace(/\.[^.]*$/, ""), path.replace(/^.*\./, "")]);
    }
  }
  const step = Math.max(1, Math.floor(others.length / Math.max(1, checked.length)));
  return [...checked, ...others.filter((_, index) => index % step === 0)];
}

/** Directories that hold what others wrote or what a tool made. */
const OTHERS = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  "bower_components",
  "jspm_packages",
  "site-packages",
  "dist-packages",
  "vendor",
  "vendored",
  "third_party",
  "third-party",
  "thirdparty",
  "external",
  "venv",
  ".venv",
  "virtualenv",
  ".tox",
  ".nox",
  "__pycache__",
  "__pypackages__",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".ipynb_checkpoints",
  ".eggs",
  ".gradle",
  ".terraform",
  ".next",
  ".nuxt",
  ".svelte-kit",
  ".yarn",
  ".pnpm-store",
  "Pods",
  "DerivedData",
  "coverage",
  "htmlcov",
]);
/** Where model files still count, though the code is not the project's own. */
const BUILT = new Set(["dist", "build", "target", "out", "bin", "obj", ".output", "_build"]);
const TESTS =
  /^(tests?|__tests__|__mocks__|spec|specs|testing|fixtures?|testdata|test_data|mocks?|e2e|cypress|.*\.tests?|.*Tests)$/;
const DOCS = /^(docs?|documentation|javadoc|apidocs|site|website_docs|changelog)$/i;

export const isOthers = (directory: string): boolean =>
  OTHERS.has(directory) || directory.endsWith(".egg-info") || directory.endsWith(".dist-info");

const TEST_FILE =
  /(^|\/)(test_[^/]*|[^/]*_test|conftest|[^/]*_spec|[^/]*[._-](test|spec|stories|mock)|[^/]*(Test|Tests|IT|Spec|TestCase|Steps))\.(py|pyi|ts|tsx|js|jsx|mjs|cjs|go|java|kt|scala|cs|rb|rs)$/;

/** Code that only tests, documents, or was made by a tool. What it mentions is not in use. */
export function isAside(path: string): boolean {
  const parts = path.split("/");
  const directories = parts.slice(0, -1);
  if (directories.some((part) => BUILT.has(part) || TESTS.test(part) || DOCS.test(part))) return true;
  return (
    (TEST_FILE.test(path) && !/(^|\/)src\/main\//.test(path)) ||
    /\.(min|bundle|generated|g|pb|designer)\.(js|cs|go|ts|css)$|_pb2(_grpc)?\.py$|\.d\.(m|c)?ts$/i.test(path)
  );
}

/** Directories whose model files are examples for tests. */
export const isTestPath = (path: string): boolean =>
  path
    .split("/")
    .slice(0, -1)
    .some((part) => TESTS.test(part));

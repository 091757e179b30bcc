/** What a command line does: nothing that a model's code would not need, evident malice, or something. */
export type CommandKind = "ordinary" | "malice" | "acts";

/** What no installer, build or conversion does. */
const MALICE: readonly RegExp[] = [
  /\b(curl|wget|fetch)\b[^|;&\n]{0,500}\|\s*(sudo\s+)?(\/\S*\/)?(ba|z|da|k|a)?sh\b/,
  /\b(curl|wget)\b[^|;&\n]{0,500}\|\s*(sudo\s+)?(\/\S*\/)?(python|perl|ruby|php|node)/,
  /\bbase64\s+(-d|-D|--decode)\b[^|\n]{0,300}\|\s*(ba|z|da)?sh\b/,
  /\b(ba|z|da)?sh\s+(-c\s+)?["']?(<\(|\$\(|`)\s*(curl|wget|base64)/,
  /\/dev\/(tcp|udp)\//,
  /\bn(et)?c(at)?\b[^|;&\n]{0,200}\s-[a-z]*[ec]\b/,
  /\bbash\s+-i\b/,
  /\bmkfifo\b[^\n]{0,200}\bn(et)?c(at)?\b/,
  /\bpowershell\b[^\n]{0,300}(-e(nc|ncodedcommand)?\s|downloadstring|iex\b|-w\s+hidden)/i,
  /\b(certutil|bitsadmin)\b[^\n]{0,100}(urlcache|transfer)/i,
  /\bmshta\s|\bregsvr32\b[^\n]{0,100}\/i:http/i,
  /\brm\s+-[a-z]*r[a-z]*\s+(--no-preserve-root\s+)?(\/|~|\$HOME)(\s|\*|$)/,
  /\b(curl|wget)\b[^\n]{0,500}(&&|;)\s*(chmod\b[^\n]{0,200}(&&|;)\s*)?(sudo\s+)?(\.\/|\/tmp\/|\/dev\/shm\/|(ba|z|da)?sh\s)/,
  /(>>?|tee\s+(-a\s+)?)\s*\S*(\.bashrc|\.profile|\.zshrc|authorized_keys|\/etc\/(cron|passwd|sudoers|ld\.so))/,
  /\bcrontab\s+-(?!l)/,
  /\bpython[23]?\s+-c\s+[^\n]{0,500}(socket|exec\(|base64|pty\.spawn)/,
  /\b(curl|wget)\b[^\n]{0,300}(\$\(\s*(env|whoami|id)|`(env|cat|whoami)|-d\s*@?\S*(\.ssh|\.aws|\/etc\/|environ))/,
];

/** Programs that install, build, convert, show or unpack; a line may run several. */
const ORDINARY =
  /^(sudo\s+)?(\w+=\S*\s+)*(\S*\/)?(pip3?|uv|conda|mamba|micromamba|poetry|pdm|apt|apt-get|apk|yum|brew|npm|npx|yarn|pnpm|git|nvidia-smi|rocm-smi|nproc|which|where|cls|clear|mkdir|md|cd|ffmpeg|ffprobe|sox|nvcc|gcc|g\+\+|clang|cc|ninja|meson|msbuild|make|cmake|cargo|rustc|go|protoc|unzip|tar|gunzip|gzip|7z|cp|mv|ln|wget|gdown|aria2c|huggingface-cli|hf|playwright|streamlit|gradio|uvicorn|gunicorn|ldconfig|sw_vers|locale-gen|aws|gsutil|gcloud|kaggle|jupyter|torchrun|accelerate|deepspeed|mpirun|tensorboard|cat|export|source|set|pytest|black|ruff|isort|twine|sphinx-build|doxygen|dot|pandoc|convert|magick|tesseract|soffice|libreoffice|espeak|espeak-ng|onnxsim|trtexec|mo|ovc|optimum-cli|llama-quantize|llama-cli|ollama|python[\d.]*|\ufffc)\b/;
/** Harmless beside others; alone they are what a proof of an attack runs. */
const BESIDE =
  /^(sudo\s+)?(echo\s[^`$>|]*|(ls|dir|pwd|cat|uname|hostname|date|head|tail|grep|find|sed|awk|sort|wc|tee|true|sleep|df|du|free|lscpu)(\s[^`$]*)?)$/;
/** A compiler, or another program that is not known, is asked for its version or where its files lie. */
const ASKS = /^\ufffc\s+--?(version|help|dump(version|machine)|print-[\w.=\ufffc-]+)$/;
/** A download that is kept as a file of data. */
const DOWNLOAD =
  /^(wget|curl)\s[^`$]*(\s-(o|O|P)|\s--output|\.(pth?|ckpt|bin|onnx|safetensors|zip|tgz|tar(\.\w+)?|gz|7z|json|ya?ml|txt|csv|png|jpe?g|mp4|wav|mp3|ttf|otf|npy|npz|gguf|whl|deb|dat|model)(["'\s]|$))/;
/** Arguments that make an ordinary program reach for secrets. */
const SECRETS =
  /(\.ssh\/|\.aws\/|\.netrc|\.git-credentials|\.kube\/config|\/etc\/(passwd|shadow)|\/proc\/self\/environ|id_rsa|\.docker\/config)/;

export function judgeCommand(command: string): CommandKind {
  const line = command.slice(0, 20_000).replace(/\\\r?\n/g, " ");
  if (MALICE.some((pattern) => pattern.test(line))) return "malice";
  if (SECRETS.test(line)) return "acts";
  const segments = line.split(/&&|\|\||[;\n|]/).map((segment) => segment.trim());
  const others = segments.filter(
    (segment) => segment !== "" && !segment.startsWith("#") && !BESIDE.test(segment),
  );
  return others.length > 0 && others.every(isOrdinary) ? "ordinary" : "acts";
}

function isOrdinary(segment: string): boolean {
  if (DOWNLOAD.test(segment) || ASKS.test(segment)) return true;
  if (!ORDINARY.test(segment)) return false;
  // A program text on the command line is code of its own.
  return (
    !/\bpython[\d.]*\s+(-\w+\s+)*-c\b/.test(segment) ||
    /-c\s+["']?\s*(import|from|print)\s[\w\s.,;'"()]*$/.test(segment)
  );
}

// Builds the module and times the tasks of the table, five times each:
//   node table.mjs              in Node
//   node table.mjs --chromium   in Chromium without a window (the command named by CHROMIUM, else `chromium`)
//   node table.mjs --page       prints the page for any other browser
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const tasks = [
  ["enumerate Schlage 6-pin MACS-valid", 100, (x) => x.enumerate(6), 753754],
  ["enumerate 7-pin M 7", 1000, (x) => x.enumerate(7), 7131596],
  ["count by transfer matrix", 1, (x) => x.count(7), 7131596],
  ["exact best TMK over 753,754 candidates", 4000, (x) => x.best_tmk(), 3840],
  ["naive audit 10k x 10k", 500, (x) => x.naive_audit(), 20000, (x) => x.prepare(10000)],
  ["naive audit 30k x 30k", 5000, (x) => x.naive_audit(), 60000, (x) => x.prepare(30000)],
  ["indexed audit 100k x 128", 3000, (x) => x.indexed_audit(), 200000, (x) => x.prepare(100000)],
  ["lost-key scan over 100k", 5, (x) => x.lost(), 1],
  ["pin 16,384 seven-pin A2 cores", 20, (x) => x.pin(), 16384, (x) => x.prepare_cores()],
  ["list and hash 4,096 keys", 30, (x) => x.list(), 4096],
];

function run(exports, tasks) {
  return tasks.map(([name, target, task, expected, prepare]) => {
    if (prepare) prepare(exports);
    const times = [];
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      const result = task(exports) >>> 0;
      times.push(performance.now() - start);
      if (result !== expected) return `${name}: WRONG, ${result} instead of ${expected}`;
    }
    const [fastest, , median] = times.sort((a, b) => a - b);
    const verdict = fastest < target ? "ok" : "SLOW";
    return `${name}: fastest ${fastest.toFixed(2)}, median ${median.toFixed(2)} ms (target ${target}) ${verdict}`;
  });
}

function build() {
  const cwd = dirname(fileURLToPath(import.meta.url));
  const cargo = (...args) => execFileSync("cargo", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  cargo("build", "--quiet", "--release", "--features", "table", "--target", "wasm32-unknown-unknown");
  const target = JSON.parse(cargo("metadata", "--format-version", "1", "--no-deps")).target_directory;
  return readFileSync(join(target, "wasm32-unknown-unknown/release/keying_wasm.wasm"));
}

function page(module) {
  const list = tasks.map(([n, t, f, e, p]) => `[${JSON.stringify(n)}, ${t}, ${f}, ${e}, ${p ?? null}]`).join(",\n");
  return `<!doctype html><title>keying</title><pre id="out"></pre><script>
const bytes = Uint8Array.from(atob("${module.toString("base64")}"), (c) => c.charCodeAt(0));
${run}
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
document.getElementById("out").textContent = run(exports, [${list}]).join("\\n");
</script>`;
}

function chromium(module) {
  const dir = mkdtempSync(join(tmpdir(), "keying-"));
  try {
    writeFileSync(join(dir, "page.html"), page(module));
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"];
    const args = [...flags, `--user-data-dir=${join(dir, "profile")}`, `file://${join(dir, "page.html")}`];
    const options = { encoding: "utf8", timeout: 300_000, maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "ignore"] };
    const dom = execFileSync(process.env.CHROMIUM ?? "chromium", args, options);
    return (/<pre id="out">([^<]+)</.exec(dom)?.[1] ?? "WRONG: the page printed nothing").split("\n");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const module = build();
if (process.argv.includes("--page")) {
  console.log(page(module));
} else {
  const browser = process.argv.includes("--chromium");
  const rows = browser ? chromium(module) : run((await WebAssembly.instantiate(module)).instance.exports, tasks);
  console.log(rows.join("\n"));
  if (rows.some((row) => row.includes("WRONG"))) process.exit(1);
}

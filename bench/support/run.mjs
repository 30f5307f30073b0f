// Node's command line for a kernel: node run.mjs FILE [N] prints what the export `run` returns.
import fs from 'node:fs';

const [file, n] = process.argv.slice(2);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(file)));
console.log(String(n === undefined ? exports.run() : exports.run(Number(n))));

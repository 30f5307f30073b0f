// A command line for WASI programs in Node and Bun: FILE [ARGS…]. The guest gets the working directory, nothing else.
import fs from 'node:fs';
import process from 'node:process';
import { WASI } from 'node:wasi';

const [file, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [file, ...args], env: {}, preopens: { '.': '.' }, returnOnExit: true });
const imports = wasi.getImportObject?.() ?? { wasi_snapshot_preview1: wasi.wasiImport };  // Bun has only the latter
const instance = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(file)), imports);
process.exitCode = wasi.start(instance);

// Writes FILE.br and FILE.gz for every FILE given; zlib's C code is in Node already, so nothing is compiled for it.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  for (const [kind, packed] of [['br', brotli], ['gz', gzipSync(bytes, { level: 9 })]]) {
    writeFileSync(`${file}.new`, packed);
    renameSync(`${file}.new`, `${file}.${kind}`);
  }
}

// Reads `cargo metadata` on standard input; fails for a dependency under a licence AGPL-3.0 cannot take in.
import { readFileSync } from 'node:fs';

const FINE = new Set([
  '0BSD', 'AGPL-3.0-or-later', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception', 'BSD-2-Clause', 'BSD-3-Clause',
  'BSL-1.0', 'CC0-1.0', 'CDLA-Permissive-2.0', 'ISC', 'MIT', 'MIT-0', 'MPL-2.0', 'OpenSSL', 'Unicode-3.0',
  'Unicode-DFS-2016', 'Unlicense', 'Zlib',
]);

/** An SPDX expression is fine if one side of every OR is, and both sides of every AND are. */
function fine(expression) {
  let text = expression.replaceAll('/', ' OR ');
  while (/\(([^()]*)\)/.test(text)) text = text.replace(/\(([^()]*)\)/, (_, inner) => (fine(inner) ? 'MIT' : 'none'));
  return text.split(' OR ').some((side) => side.split(' AND ').every((licence) => FINE.has(licence.trim())));
}

const { packages } = JSON.parse(readFileSync(0, 'utf8'));
const bad = packages.filter(({ license }) => !license || !fine(license));
for (const { name, version, license } of bad) console.log(`   ${name} ${version}: ${license ?? 'no licence named'}`);
console.log(`   ${packages.length} packages, ${bad.length} to look at`);
process.exit(bad.length ? 1 : 0);

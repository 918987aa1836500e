// usage: style.mjs SOURCE OUT FILES_JSON: bundles and minifies one style sheet.
// Addresses like url(/fonts/x.woff2) become the hashed ones of FILES_JSON; an unknown one is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { bundle } from 'lightningcss';

const [source, out, map] = process.argv.slice(2);
const files = JSON.parse(readFileSync(map, 'utf8'));

// The oldest browsers we mean: a tablet of four years ago that was kept up to date. Lowers light-dark().
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = { chrome: version(111), firefox: version(121), safari: version(16, 4), ios_saf: version(16, 4) };

const { code, warnings } = bundle({
  filename: source,
  minify: true,
  targets,
  visitor: {
    Url(url) {
      if (!url.url.startsWith('/')) return url;
      const hashed = files[url.url.slice(1)];
      if (!hashed) throw new Error(`${source}: no file public${url.url}`);
      return { ...url, url: hashed };
    },
  },
});
for (const warning of warnings) console.error(`${source}: ${warning.message}`);
writeFileSync(out, code);

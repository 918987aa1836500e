// A browser without script, in forty lines: follows forms as the pages print them and keeps their cookies.

/** Somebody at a keyboard. */
export class Visitor {
  #url;
  #jar = new Map();

  constructor(url) {
    this.#url = url;
  }

  /** The cookies, as a header carries them. */
  cookies() {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #ask(path, options = {}) {
    const headers = { accept: 'text/html', cookie: this.cookies(), origin: this.#url, 'sec-fetch-site': 'same-origin', ...options.headers };
    const answer = await fetch(new URL(path, this.#url), { ...options, headers, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      this.#jar.set(name, value);
    }
    const to = answer.headers.get('location');
    return to ? this.#ask(to) : answer.text();
  }

  /** Fills in the form of a page that posts to `action`, and gives the page that follows. */
  async send(page, action, typed) {
    const html = await this.#ask(page);
    const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(html);
    if (!form) throw new Error(`${page} has no form to ${action}:\n${html.slice(0, 2000)}`);
    const fields = new URLSearchParams();
    for (const [input] of form[1].matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      const read = (name) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? '';
      fields.set(read('name'), read('value'));
    }
    for (const [name, value] of typed) fields.append(name, value);
    return this.#ask(action, { method: 'POST', body: fields });
  }

  async signIn(email, password) {
    await this.send('/sign-in', '/fn/office/sign_in', [['form[email]', email], ['form[password]', password]]);
    if (!this.#jar.has('session')) throw new Error(`${email} could not sign in`);
  }

  /** A key that may do all a key may. */
  async makeKey(name) {
    const rooms = ['clients', 'jobs', 'invoices', 'payments', 'audit'];
    const ticked = rooms.map((room) => [`form[${room}]`, 'on']);
    const page = await this.send('/shop/keys', '/fn/office/make_api_key', [['form[name]', name], ['form[scope]', 'write'], ['form[days]', '1'], ...ticked]);
    const key = /shl_[A-Za-z0-9_-]{43}/.exec(page)?.[0];
    if (!key) throw new Error('no key was shown');
    return key;
  }
}

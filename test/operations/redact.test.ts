import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { Exchange } from '../../nodes/shared/http/exchange';
import type { HttpRequest } from '../../nodes/shared/provider';
import { redacted, redactedTexts, redactorOf, redactorExcept } from '../../nodes/shared/redact';

describe('a secret is masked', () => {
	const password = 'p&"/ä 1+<>\'x.';
	const redact = (text: string) => redactorOf([password, '4111111111111111', '', '123', 'tail'])(text);
	const written: Array<[string, string]> = [
		['as it is', password],
		['as a form writes it', encodeURIComponent(password).replace(/'/g, '%27').replace(/%20/g, '+')],
		['as a URL writes it', encodeURIComponent(password)],
		['in small letters', encodeURIComponent(password).toLowerCase()],
		['as JSON writes it', JSON.stringify(password).slice(1, -1)],
		['as JSON writes it that escapes slashes', JSON.stringify(password).slice(1, -1).replace('/', '\\/')],
		['inside JSON inside JSON', JSON.stringify(JSON.stringify(password)).slice(3, -3)],
		[
			'as JSON writes it in codes',
			password.replace(/[^a-z\d]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
		],
		['as XML writes it', 'p&amp;&quot;/ä 1+&lt;&gt;&apos;x.'],
		['in numbers of XML', 'p&#38;&#034;&#x2f;&#xE4;&#x20;1&#43;&#X003C;&#62;&#39;x&#46;'],
		['in base64', Buffer.from(password).toString('base64')],
		['in base64 of URLs', Buffer.from(password).toString('base64url')],
		['as code quotes it', password.replace(/['"]/g, '\\$&')],
		['as an old form writes it', encodeURIComponent(password).replace('%C3%A4', '%E4').replace('%20', '+')],
		['as a form writes what a form has written', encodeURIComponent(encodeURIComponent(password))],
		['with its letters apart from their accents', password.normalize('NFD')],
		['as HTML names it', 'p&amp;&quot;&sol;&auml;&nbsp;1&plus;&lt;&gt;&apos;x&period;'],
		['with every byte as a URL writes it', Buffer.from(password).toString('hex').replace(/../g, '%$&')],
		['with every sign in numbers of XML', [...password].map((char) => `&#${char.codePointAt(0)};`).join('')],
		['in Latin-1 that is read as UTF-8', Buffer.from(password, 'latin1').toString()],
		['in UTF-8 that is read as Latin-1', Buffer.from(password).toString('latin1')],
		['in ASCII', password.replace('ä', '?')],
		['as code writes it in Latin-1', password.replace('ä', '\\xe4')],
	];

	test.each(written)('%s', (_how, text) => {
		expect(redact(`<${text}>`)).toMatch(/^<\*\*\*=*>$/);
		expect(redact(`${text}, ${text}`)).toMatch(/^\*\*\*=*, \*\*\*=*$/);
	});

	test('but no row of question marks for one that has no letters of ASCII', () => {
		expect(redactorOf(['пароль'])('Really?????? yes')).toBe('Really?????? yes');
	});

	test('but nothing that only looks like it', () => {
		for (const text of ['p&"/a 1+<>\'x.', 'p&"/ä 1<>\'x.', 'p&"/ä 1+<>\'xy', '411111111111111']) {
			expect(redact(text)).toBe(text);
		}
		// In the place of a letter: nothing, what is lost, a blank of forms, and the name of another sign.
		for (const letter of ['ä', 'p', 'x']) {
			for (const other of ['', ...(letter === 'ä' ? [] : ['?', '&amp;']), '+', '\\x7']) {
				const text = password.replace(letter, other);
				expect(redact(text)).toBe(text);
			}
		}
		expect(redactorOf(['ĀbĀcd'])('%100b%100cd')).toBe('%100b%100cd');
	});

	test.each([
		'4111111111111111',
		'4111 1111 1111 1111',
		'4111-1111-1111-1111',
		'4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
	])('a card number: %s', (text) => expect(redact(`card ${text}.`)).toBe('card ***.'));

	test('a short one where it stands alone', () => {
		expect(redact('code 123, 123')).toBe('code ***, ***');
		expect(redact('tail (tail) "tail"')).toBe('*** (***) "***"');
		expect(redactorOf(['abcde'])('xabcdex')).toBe('x***x');
		for (const text of ['2123456785', '1234', 'a123', '123Z', 'tails', 'Retail'])
			expect(redact(text)).toBe(text);
	});

	test('one that is stored with blanks or a line feed, as it is stored and as it is used', () => {
		const redact = redactorOf([' the-pooh\n', '4111111111111111\n']);
		expect(redact('the-pooh, 4111 1111 1111 1111')).toBe('***, ***');
		expect(redact('< the-pooh\n>')).toBe('<***>');
	});

	test('one whose blanks stand around letters with and without accents of their own', () => {
		const secret = 'm\u00E9li-me\u0301lo';
		expect(redactorOf([` ${secret}\n`])(`<${secret}>`)).toBe('<***>');
	});

	test('one whose base64 has signs that URLs write in another way', () => {
		const redact = redactorOf(['>>>???>']);
		for (const text of ['Pj4+Pz8/Pg', 'Pj4%2BPz8%2FPg', 'Pj4-Pz8_Pg']) expect(redact(text)).toBe('***');
		for (const text of ['Pj4Pz8Pg', 'Pj4+Pz8/Pz', '-j4+Pz8/Pg']) expect(redact(text)).toBe(text);
	});

	test('one with a sign of two units, as JSON writes it in codes', () => {
		const redact = redactorOf(['owl\u{1F989}s']);
		expect(redact('owl\\ud83d\\uDD89s, owl\\uD83E\\udd89s, owl&#129417;s')).toBe(
			'owl\\ud83d\\uDD89s, ***, ***',
		);
	});

	test('one with a percent sign, written once and twice', () => {
		const redact = redactorOf(['100%ly']);
		for (const text of ['100%ly', '100%25ly', '100%2525ly']) expect(redact(text)).toBe('***');
	});

	test('of question marks for lost letters, where at least four signs are left', () => {
		expect(redactorOf(['мёdabc'])('??dabc')).toBe('***');
		expect(redactorOf(['dмaёbc'])('d?a?bc')).toBe('***');
		expect(redactorOf(['мёabc'])('??abc')).toBe('??abc');
	});

	test.each(['4111111111111-pot', 'pot-4111111111111'])(
		'one with the digits of a card in it: %s',
		(secret) => {
			const redact = redactorOf([secret]);
			expect(redact(Buffer.from(secret).toString('base64'))).toMatch(/^\*\*\*=*$/);
			expect(redact(secret.replace('4111', '4 111'))).toBe(secret.replace('4111', '4 111'));
		},
	);

	test('a long one wherever it stands', () => {
		expect(redactorOf(['honey'])('myhoney5')).toBe('my***5');
	});

	test('a longer one before a shorter one inside it', () => {
		expect(redactorOf(['honey', 'honeypot'])('honeypot, honey')).toBe('***, ***');
	});

	test.each(['\\'.repeat(5), '\\\\pot', 'honey\\\\', 'a\\"\\b\\c', '\\"pot"'])(
		'with backslashes: %s',
		(secret) => {
			const redact = redactorOf([secret]);
			const json = (text: string) => JSON.stringify(text).slice(1, -1);
			const code = (text: string) => text.replace(/\\/g, '&#92;');
			for (const text of [
				secret,
				json(secret),
				json(json(secret)),
				encodeURIComponent(secret),
				code(secret),
			]) {
				expect(redact(`<${text}> (${text})`)).toBe('<***> (***)');
			}
			expect(redact(`<${secret.replace('\\', '')}>`)).toBe(`<${secret.replace('\\', '')}>`);
		},
	);

	test('a text stays where there is nothing to mask', () => {
		expect(redactorOf(['', ''])('anything')).toBe('anything');
		expect(redactorOf([])('')).toBe('');
	});
});

describe('what a person typed', () => {
	const codes = Array.from({ length: 1000 }, (_, code) => String(code).padStart(3, '0')).join(' ');
	const redact = redactorOf(['739', 'the-pooh']);

	test('comes back as it is: which of its codes is the card’s can’t be told', () => {
		expect(redact(codes)).toContain('738 *** 740');
		expect(redactorExcept(redact, [codes])(`Not valid: ${codes}!`)).toBe(`Not valid: ${codes}!`);
	});

	test('does not spare what stands beside it', () => {
		expect(redactorExcept(redact, [codes])(`${codes}, 739, the-pooh`)).toBe(`${codes}, ***, ***`);
		expect(redactorExcept(redact, ['at the-pooh’s', 'the-pooh’s'])('at the-pooh’s: the-pooh')).toBe(
			'at the-pooh’s: ***',
		);
	});

	test('of two texts, is spared the longer one', () => {
		const texts = ['my the-pooh', 'my the-pooh or the-pooh', 'my the-pooh or'];
		for (const typed of [texts, [...texts].reverse()]) {
			expect(redactorExcept(redact, typed)(`${texts[1]}, the-pooh`)).toBe(`${texts[1]}, ***`);
		}
	});

	test('is masked where it is nothing but the secret', () => {
		expect(redactorExcept(redact, ['739', 'the-pooh'])('739 of the-pooh')).toBe('*** of ***');
	});
});

describe('a request', () => {
	const card = { number: '4111 1111 1111 1111', securityCode: '739' };
	const texting = () => new Exchange({} as never, clubTexting, { password: 'the-pooh' }, undefined, card);
	const partner = () => new Exchange({} as never, mailPartner, { apiKey: 'the-pooh' });
	const file = {
		field: 'file',
		fileName: 'a.pdf',
		mimeType: '',
		bytes: 1,
		content: () => [] as never,
	};

	test.each<[string, () => Exchange, Partial<HttpRequest>, string, unknown]>([
		['a query', texting, { query: { a: 'b c' } }, 'https://app.clubtexting.com/x?format=json&a=b+c', null],
		['nothing', partner, {}, 'https://api.mailpartner.fr/v1/x', null],
		['JSON', partner, { json: { a: 1 } }, 'https://api.mailpartner.fr/v1/x', { a: 1 }],
		['XML', partner, { xml: '<a/>' }, 'https://api.mailpartner.fr/v1/x', '<a/>'],
		['a form', partner, { form: { a: '1' } }, 'https://api.mailpartner.fr/v1/x', { a: '1' }],
		[
			'a file',
			partner,
			{ form: { a: '1' }, file },
			'https://api.mailpartner.fr/v1/x',
			{ a: '1', file: 'a.pdf' },
		],
		[
			'a card',
			partner,
			{ form: { a: '1', number: '4111', cvv: '739' }, secretFields: ['number', 'cvv', 'zip'] },
			'https://api.mailpartner.fr/v1/x',
			{ a: '1', number: '***', cvv: '***' },
		],
	])('with %s is shown', (_, exchange, request, url, body) => {
		const method = 'POST';
		expect(exchange().shown({ method, path: '/x', ...request })).toEqual({ method, url, body });
	});

	const code = 'code 739';
	test.each<[string, Partial<HttpRequest>, string]>([
		['its query', { query: { a: code } }, code],
		['its form', { form: { a: code } }, code],
		['a list in its form', { form: { a: ['b', code] } }, code],
		['its JSON, at any depth', { json: { a: 1, b: null, c: { d: [true, code] } } }, code],
		['a field that comes from a credential', { form: { a: code }, secretFields: ['a'] }, 'code ***'],
		['nothing', {}, 'code ***'],
	])('what comes back of %s', (_, request, shown) => {
		const asked: HttpRequest = { method: 'POST', path: '/x', ...request };
		expect(texting().redactorFor(asked)(code)).toBe(shown);
		const reply = { status: 200, headers: {}, text: JSON.stringify([code, 'the-pooh, 4111111111111111']) };
		expect(texting().raw(reply, asked)).toEqual([shown, '***, ***']);
	});

	test('whose reply is empty or unreadable has none to show', () => {
		for (const text of ['', '<a>', 'OK']) {
			expect(partner().raw({ status: 200, headers: {}, text }, { method: 'GET', path: '/x' })).toBeNull();
		}
		const reply = { status: 200, headers: {}, text: '<a>the-pooh</a>' };
		expect(partner().raw(reply, { method: 'GET', path: '/x' })).toEqual({ a: '***' });
	});

	test('outside of a run brings back no secret, whoever typed it', async () => {
		const body = '{"success":true,"code":200,"a":"code the-pooh"}';
		const answered = async () => await Promise.resolve({ statusCode: 200, headers: {}, body });
		const context = { helpers: { httpRequestWithAuthentication: answered } };
		const exchange = new Exchange(context as never, mailPartner, { apiKey: 'the-pooh' });
		const request: HttpRequest = { method: 'POST', path: '/x', json: { a: 'code the-pooh' } };
		const asked = await exchange.ask(request, (data) => data);
		expect(asked.verdict).toEqual({ kind: 'done', value: { success: true, code: 200, a: 'code ***' } });
		const sent = await exchange.send(request, (data) => data);
		expect(sent.verdict).toEqual({ kind: 'done', value: { success: true, code: 200, a: 'code the-pooh' } });
	});
});

describe('a decoded reply', () => {
	const redact = (text: string) => redactorOf(['the-pooh', '4111111111111111', '100'])(text);

	test('is masked in its texts, at any depth, and keeps the rest', () => {
		const reply = { a: [{ b: 'see the-pooh' }, 'the-pooh', 7, null, true, undefined], c: 'honey' };
		expect(redacted(reply, redact)).toEqual({
			a: [{ b: 'see ***' }, '***', 7, null, true, undefined],
			c: 'honey',
		});
		expect(reply.a[1]).toBe('the-pooh');
	});

	test('is masked in its keys', () => {
		expect(redacted({ a: { 'user the-pooh': 1 } }, redact)).toEqual({ a: { 'user ***': 1 } });
		expect(redacted([{ 'the-pooh': [] }], redact)).toEqual([{ '***': [] }]);
	});

	test('is handed on as it is where nothing is secret', () => {
		const reply = { a: [{ b: 'honey' }], c: 1 };
		expect(redacted(reply, redact)).toBe(reply);
		const half = { secret: 'the-pooh', rest: reply };
		expect((redacted(half, redact) as typeof half).rest).toBe(reply);
	});

	test('keeps texts of up to four digits, and masks numbers that are secrets', () => {
		expect(redacted({ credits: '100', text: '100 left', card: 4111111111111111 }, redact)).toEqual({
			credits: '100',
			text: '*** left',
			card: '***',
		});
		expect(redacted([10_000, 9999, 10_001], redactorOf(['10000', '9999']))).toEqual(['***', 9999, 10_001]);
		// Of what is worked with, a number is none.
		expect(redactedTexts([10_000, '10000'], redactorOf(['10000']))).toEqual([10_000, '***']);
		expect(redactedTexts(['12345', 'x1', '1x'], redactorOf(['12345', 'x1', '1x']))).toEqual([
			'***',
			'***',
			'***',
		]);
	});

	test.each([
		'password',
		'Password',
		'apiKey',
		'api_key',
		'billingNumber',
		'billingCvv',
		'number',
		'securityCode',
		'cvv',
		'CVC',
		'authorization',
	])('hides what stands under “%s”', (key) => {
		expect(redacted({ [key]: 'anything', inside: { [key]: 5 } }, redact)).toEqual({
			[key]: '***',
			inside: { [key]: '***' },
		});
		expect(redacted({ [key]: { honey: 'the-pooh', bees: 3 } }, redact)).toEqual({
			[key]: { honey: '***', bees: 3 },
		});
		expect(redactedTexts({ [key]: 'anything' }, redact)).toEqual({ [key]: 'anything' });
	});

	test.each(['phoneNumber', 'numbers', 'passwordHint', 'api-keys'])('shows what stands under “%s”', (key) => {
		expect(redacted({ [key]: 'anything' }, redact)).toEqual({ [key]: 'anything' });
	});
});

test('of many credentials in turn, each has its own masked and no other’s', () => {
	const secrets = Array.from({ length: 20 }, (_, i) => `secret-number-${i}-of-twenty`);
	const text = secrets.join(' ');
	for (const [place, secret] of [...secrets, ...secrets].entries()) {
		expect(redactorOf([secret])(text).split(' ')).toEqual(
			secrets.map((other) => (other === secret ? '***' : other)),
		);
		// One that was asked for a moment ago is the same.
		expect(redactorOf([secret])).toBe(redactorOf([secret]));
		expect(redactorOf([secret, String(place)])).not.toBe(redactorOf([secret]));
	}
});

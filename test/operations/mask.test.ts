import { masked, maskedTexts, maskOf } from '../../nodes/shared/mask';

describe('a secret is masked', () => {
	const password = 'p&"/ä 1+<>\'x.';
	const mask = (text: string) => maskOf([password, '4111111111111111', '', '123', 'tail'])(text);
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
	];

	test.each(written)('%s', (_how, text) => {
		expect(mask(`<${text}>`)).toMatch(/^<\*\*\*=*>$/);
		expect(mask(`${text}, ${text}`)).toMatch(/^\*\*\*=*, \*\*\*=*$/);
	});

	test('but nothing that only looks like it', () => {
		for (const text of ['p&"/a 1+<>\'x.', 'p&"/ä 1<>\'x.', 'p&"/ä 1+<>\'xy', '411111111111111']) {
			expect(mask(text)).toBe(text);
		}
	});

	test.each([
		'4111111111111111',
		'4111 1111 1111 1111',
		'4111-1111-1111-1111',
		'4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
	])('a card number: %s', (text) => expect(mask(`card ${text}.`)).toBe('card ***.'));

	test('a short one where it stands alone', () => {
		expect(mask('code 123, 123')).toBe('code ***, ***');
		expect(mask('tail (tail) "tail"')).toBe('*** (***) "***"');
		expect(maskOf(['abcde'])('xabcdex')).toBe('x***x');
		for (const text of ['2123456785', '1234', 'a123', '123Z', 'tails', 'Retail'])
			expect(mask(text)).toBe(text);
	});

	test('a long one wherever it stands', () => {
		expect(maskOf(['honey'])('myhoney5')).toBe('my***5');
	});

	test('a longer one before a shorter one inside it', () => {
		expect(maskOf(['honey', 'honeypot'])('honeypot, honey')).toBe('***, ***');
	});

	test('a text stays where there is nothing to mask', () => {
		expect(maskOf(['', ''])('anything')).toBe('anything');
		expect(maskOf([])('')).toBe('');
	});
});

describe('a decoded reply', () => {
	const mask = (text: string) => maskOf(['the-pooh', '4111111111111111', '100'])(text);

	test('is masked in its texts, at any depth, and keeps the rest', () => {
		const reply = { a: [{ b: 'see the-pooh' }, 'the-pooh', 7, null, true], c: 'honey' };
		expect(masked(reply, mask)).toEqual({ a: [{ b: 'see ***' }, '***', 7, null, true], c: 'honey' });
		expect(reply.a[1]).toBe('the-pooh');
	});

	test('is handed on as it is where nothing is secret', () => {
		const reply = { a: [{ b: 'honey' }], c: 1 };
		expect(masked(reply, mask)).toBe(reply);
		const half = { secret: 'the-pooh', rest: reply };
		expect((masked(half, mask) as typeof half).rest).toBe(reply);
	});

	test('keeps texts of up to four digits, and masks numbers that are secrets', () => {
		expect(maskedTexts({ credits: '100', text: '100 left', card: 4111111111111111 }, mask)).toEqual({
			credits: '100',
			text: '*** left',
			card: '***',
		});
		expect(maskedTexts([10_000, 9999], maskOf(['10000', '9999']))).toEqual(['***', 9999]);
		expect(maskedTexts(['12345', 'x1', '1x'], maskOf(['12345', 'x1', '1x']))).toEqual(['***', '***', '***']);
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
		expect(masked({ [key]: 'anything', inside: { [key]: 5 } }, mask)).toEqual({
			[key]: '***',
			inside: { [key]: '***' },
		});
		expect(masked({ [key]: { honey: 'the-pooh', bees: 3 } }, mask)).toEqual({
			[key]: { honey: '***', bees: 3 },
		});
		expect(maskedTexts({ [key]: 'anything' }, mask)).toEqual({ [key]: 'anything' });
	});

	test.each(['phoneNumber', 'numbers', 'passwordHint', 'api-keys'])('shows what stands under “%s”', (key) => {
		expect(masked({ [key]: 'anything' }, mask)).toEqual({ [key]: 'anything' });
	});
});

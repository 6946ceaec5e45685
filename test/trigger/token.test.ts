import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import { carries, tokenIn, troubleWith } from '../../nodes/ClubTexting/token';
import { runs } from '../everything';
import { form, get, trigger } from './calls';

const MESSAGE = { from: '2123456785', message: 'honey two jars' };
const KEYWORD = { PhoneNumber: '2123456785', Message: 'honey' };
const TOKEN = 'a-long-random-text-0123456789';

const plusEncoded = (token: string) => new URLSearchParams({ token }).toString().slice('token='.length);
const latin1 = (token: string) =>
	[...Buffer.from(token, 'latin1')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

describe('a token', () => {
	it('lets in who has it', async () => {
		const call = trigger({ options: { token: TOKEN } });
		expect(await call({ ...form(MESSAGE), query: { token: TOKEN } })).toMatchObject({
			status: 200,
			started: true,
		});
		expect(await call(get({ ...KEYWORD, token: TOKEN }))).toMatchObject({ status: 200, started: true });
	});

	it.each([
		['missing', {}],
		['wrong', { token: 'a-long-random-text-0123456788' }],
		['shorter', { token: 'a' }],
		['longer', { token: `${TOKEN}0` }],
		['in other case', { token: TOKEN.toUpperCase() }],
		['empty', { token: '' }],
		['in another parameter', { key: TOKEN }],
	])('keeps out a call whose token is %s, and leaves a trace without it', async (_name, query) => {
		const reply = await trigger({ options: { token: TOKEN, replyText: 'Thank you!' } })({
			...form(MESSAGE),
			query,
		});
		expect(reply).toMatchObject({ status: 403, body: '', started: false });
		expect(reply.logs).toHaveLength(1);
		expect(reply.logs[0]).toMatch(/^warn: Node "Trigger" of workflow ".*": a call was turned away/);
		expect(reply.logs[0]).not.toContain('random-text');
	});

	it('is not in the item', async () => {
		const reply = await trigger({ options: { token: TOKEN } })(get({ ...KEYWORD, token: TOKEN }));
		expect(JSON.stringify(reply.items)).not.toContain(TOKEN);
		expect(reply.logs.join()).not.toContain(TOKEN);
	});

	it.each([
		['a+b', ['a+b', 'a%2Bb', 'a%2bb', 'a b', 'a%20b']],
		['+', ['+', '%2B', '%20']],
		['a b', ['a%20b', 'a+b']],
		['100%', ['100%', '100%25']],
		['%41', ['%41', '%2541']],
		['a=b]=c', ['a=b]=c', 'a%3Db%5D%3Dc']],
		['a&b#c', ['a%26b%23c', 'a&b%23c']],
		['a&&', ['a&&', 'a%26%26']],
		['a\nb', ['a%0Ab']],
		['crème', ['crème', 'cr%C3%A8me', 'cr%E8me']],
		['Ω🍯', ['Ω🍯', '%CE%A9%F0%9F%8D%AF']],
		['a/b?c;d:e@f', ['a/b?c;d:e@f', 'a%2Fb%3Fc%3Bd%3Ae%40f']],
		[`'"<>\\^\`{|}`, [`'"<>\\^\`{|}`, encodeURIComponent(`'"<>\\^\`{|}`)]],
		[' honey\n', ['honey', 'honey%20', '%20honey%0A']],
	])('%j arrives however it is written in the URL', async (token, spellings) => {
		const call = trigger({ options: { token } });
		for (const spelling of spellings) {
			expect({ spelling, ...(await call({ ...form(MESSAGE), query: `token=${spelling}` })) }).toMatchObject({
				spelling,
				started: true,
			});
			expect((await call({ ...form(MESSAGE), query: `a=1&token=${spelling}&b=2` })).started).toBe(true);
			for (const wrong of [`${spelling}x`, `x${spelling}`, ''])
				expect((await call({ ...form(MESSAGE), query: `token=${wrong}` })).status).toBe(403);
		}
	});

	it('arrives in every spelling if it may be published, and nothing else does', () => {
		const unit = fc.oneof(
			{ weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
			{ weight: 3, arbitrary: fc.constantFrom(...'+ %&#=?/;%2B[]é') },
			{ weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
			{ weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
		);
		const tokens = fc.string({ unit, minLength: 1, maxLength: 8 });
		let published = 0;
		fc.assert(
			fc.property(tokens, tokens, (written, other) => {
				const token = tokenIn(written);
				if (troubleWith(token) !== undefined) return;
				published++;
				const pasted = new URL(`http://localhost/webhook?token=${token}&from=1`).search;
				const spellings = [
					// A # ends a URL that is not encoded, and control characters are left out of it.
					...(/[#\p{Cc}]/u.test(token) ? [] : [pasted]),
					`?token=${encodeURIComponent(token)}`,
					`?from=1&token=${plusEncoded(token)}`,
					`?token=${encodeURIComponent(token.replaceAll('+', ' '))}`,
					...(/^[\0-\xff]+$/.test(token) ? [`?token=${latin1(token)}`] : []),
				];
				for (const spelling of spellings) expect(`${spelling} ${carries(spelling, token)}`).toMatch(/ true$/);
				const plain = (text: string) => text.replaceAll('+', ' ');
				const isSame = [other, tokenIn(other)].some((text) => plain(text) === plain(token));
				if (troubleWith(other) === undefined && !isSame)
					expect(carries(`?token=${encodeURIComponent(other)}`, token)).toBe(false);
			}),
			{ numRuns: runs(1500), seed: 20261125 },
		);
		expect(published).toBeGreaterThan(runs(500));
	});
});

describe('a token that resolves to nothing', () => {
	it.each<[string, INodeParameters]>([
		['is empty', { options: { token: '' } }],
		['is blank', { options: { token: ' \t\u200b' } }],
		['is null', { options: { token: null as unknown as string } }],
		['is a list', { options: { token: [] } }],
		['is an expression without a value', { options: { token: '={{ $json.nothing }}' } }],
		['is an expression for an empty text', { options: { token: '={{ "" }}' } }],
		['is an expression that fails', { options: { token: '={{ $("Nowhere").item.json.token }}' } }],
	])('does not open the door: it %s', async (_name, parameters) => {
		const call = trigger(parameters);
		for (const query of ['', { token: '' }, { token: ' ' }, { token: 'undefined' }, { token: 'null' }]) {
			const reply = await call({ ...form(MESSAGE), query });
			expect(reply).toMatchObject({ status: 403, body: '', started: false });
			expect(reply.logs.join('\n')).toMatch(/^warn: .*“Token” resolves to nothing/m);
		}
	});

	it('is not the same as no such option', async () => {
		expect((await trigger({ options: {} })(form(MESSAGE))).started).toBe(true);
		expect((await trigger({ options: { replyText: 'Hi' } })(form(MESSAGE))).started).toBe(true);
	});
});

import { sleep } from 'n8n-workflow';
import { orElse, orNull } from '../../nodes/shared/errors';
import { isZone } from '../../nodes/shared/values/dailyWindow';
import { together } from '../../nodes/shared/values/maps';
import { counted, isEmail, kindOf, shortened, trimmed } from '../../nodes/shared/values/text';
import { pause, pauseUntil, timeOf } from '../../nodes/shared/values/time';

test.each([
	['honey', 5, 'honey'],
	['honeys', 5, 'hone…'],
	['', 5, ''],
])('the text %j of at most %i characters', (text, longest, shown) => {
	expect(shortened(text, longest)).toBe(shown);
});

test.each([
	['\u{E0020}honey\u{E0020}\u{E0020}', 'honey'],
	['\u{E0020}', ''],
	['honey 🐝', 'honey 🐝'],
	[' \u200B\u2800', ''],
	['\u{E0020}x\u{E0020}', 'x'],
	['\uFFFF ', '\uFFFF'],
])('the ends of the text %j', (text, inside) => {
	expect(trimmed(text)).toBe(inside);
});

test.each([
	[1, 'messages', '1 message'],
	['1', 'credits', '1 credit'],
	[2, 'messages', '2 messages'],
	[1, 'ms', '1 ms'],
	[1, 'hours', '1 hour'],
])('%j %s', (count, units, text) => {
	expect(counted(count, units)).toBe(text);
});

test.each([
	[null, 'empty'],
	[undefined, 'empty'],
	[[], 'a list'],
	[{}, 'an object'],
	[NaN, 'NaN'],
	[-Infinity, '-Infinity'],
	[5, 'a number'],
	['', 'a string'],
	[true, 'a boolean'],
])('%p is told as %s', (value, kind) => {
	expect(kindOf(value)).toBe(kind);
});

const labels = (length: number) => 'x'.repeat(length);
test.each([
	['owl@wood.fr', true],
	["o'wl.o+wl%a@a.wood-1.fr", true],
	['сова@дерево.рф', true],
	[`${labels(64)}@wood.fr`, true],
	[`${labels(65)}@wood.fr`, false],
	[`o@${labels(63)}.${labels(63)}`, true],
	[`o@${labels(64)}.fr`, false],
	[`o@wood.${labels(64)}`, false],
	[`${labels(64)}@${`${labels(60)}.`.repeat(3)}${labels(6)}`, true],
	[`${labels(64)}@${`${labels(60)}.`.repeat(3)}${labels(7)}`, false],
	['o@wood.f', false],
	['o@wood.12', false],
	['o@wood.1-2', false],
	['o@wood.1f', true],
	['o@-wood.fr', false],
	['o@wood-.fr', false],
	['o@wood.-fr', false],
	['o@wood.fr-', false],
	['o@wood', false],
	['o..wl@wood.fr', false],
	['owl.@wood.fr', false],
	['.owl@wood.fr', false],
	["'owl@wood.fr", false],
	['owl%20@wood.fr', false],
	['owl%2C@wood.fr', false],
	['оwl@wood.fr', false],
	['a owl@wood.fr', false],
	['owl@wood.fr a', false],
	['@wood.fr', false],
])('%j as an e-mail address: %p', (text, isOne) => {
	expect(isEmail(text)).toBe(isOne);
});

test.each([
	['a Date', new Date(5), 5],
	['seconds', 1_234_567_890, 1_234_567_890_000],
	['seconds and a part of one', 1_234_567_890.0015, 1_234_567_890_002],
	['milliseconds', 1_234_567_890_123, 1_234_567_890_123],
	['eleven digits', 12_345_678_901, NaN],
	['what is below 0', -123_456_789, NaN],
	['what is below 0', -123_456_789_012, NaN],
	['0', 0, NaN],
	['a text', '1234567890', NaN],
	['an object', {}, NaN],
	['null', null, NaN],
	['nothing', undefined, NaN],
])('the time of %s', (_, value, time) => {
	expect(timeOf(value)).toBe(time);
});

test.each([
	['Europe/Paris', true],
	['Mars/Base', false],
	['', false],
])('the zone %j: %p', (name, isOne) => {
	expect(isZone(name)).toBe(isOne);
});

describe('a wait', () => {
	test('takes as long as it is to take, and is over at once where that is nothing', async () => {
		const started = performance.now();
		expect(await pause(30)).toBe(true);
		expect(performance.now() - started).toBeGreaterThanOrEqual(30);
		expect(await pause(0)).toBe(true);
	});

	test('ends early when the execution is cancelled', async () => {
		const cancelled = AbortSignal.abort();
		expect(await pause(60_000, cancelled)).toBe(false);
		expect(await pause(0, cancelled)).toBe(false);
		const cancel = new AbortController();
		const waiting = pause(60_000, cancel.signal);
		cancel.abort();
		expect(await waiting).toBe(false);
	});

	test('sees that it has become shorter', async () => {
		const left = [60_000, 0];
		const waited = pauseUntil(() => left.shift()!);
		expect(await Promise.race([waited, sleep(5000)])).toBe(true);
	});
});

test('what is asked for by several at once is done once, and anew by those who come later', async () => {
	const underWay = new Map<string, Promise<string>>();
	let begun = 0;
	const begin = async () => await Promise.resolve(`done ${++begun}`);
	const fail = async () => await Promise.reject<string>(new Error('failed'));
	const several = ['a', 'a', 'b'].map(async (key) => await together(underWay, key, begin));
	expect(await Promise.all(several)).toEqual(['done 1', 'done 1', 'done 2']);
	await expect(together(underWay, 'a', fail)).rejects.toThrow('failed');
	expect(await together(underWay, 'a', begin)).toBe('done 3');
});

test('what need not be found out', async () => {
	const failing = async () => await Promise.reject<string>(new Error('failed'));
	const found = async () => await Promise.resolve('found');
	expect([await orNull(found()), await orNull(failing())]).toEqual(['found', null]);
	expect(await orElse(failing(), 'other', () => true)).toBe('other');
	await expect(orElse(failing(), 'other', () => false)).rejects.toThrow('failed');
});

import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber/max';
import { numbersIn, phoneNumberOf, phoneNumbersOf } from '../../nodes/shared/sms/phoneNumber';
import { OperationError } from '../../nodes/shared/errors';
import { runs } from '../everything';

const field = 'Phone Numbers';

/** The ten digits of a written number; null where it is refused. */
function understood(written: string): string | null {
	try {
		return phoneNumberOf(written, field);
	} catch (error) {
		expect(error).toBeInstanceOf(OperationError);
		return null;
	}
}

function failureOf(value: unknown): OperationError {
	try {
		phoneNumbersOf(value, field);
	} catch (error) {
		return error as OperationError;
	}
	throw new Error(`${JSON.stringify(value)} passes`);
}

/** What is seen by nobody, and comes along with what is copied from web pages, chats, PDFs and spreadsheets. */
const invisible = [
	...'\u00AD\u034F\u061C\u180E\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069',
	...'\uFE0E\uFE0F\uFEFF\u0000\u0007\u001F\u007F\u0085\u{E0001}\u{E0100}',
];
const blanks = [...' \t\u00A0\u1680\u2000\u2003\u2007\u2009\u202F\u205F\u3000'];
const dashes = [...'-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFE58\uFE63\uFF0D'];
const dots = [...'.\u00B7\u2022\u2219\u22C5\u30FB'];

const groupings = {
	good: [[10], [3, 3, 4], [3, 7], [6, 4]],
	// Dates, amounts, pairs as in France, numbers of other lengths, a thousand at a time.
	bad: [
		[4, 2, 2, 2],
		[2, 2, 4, 2],
		[8, 2],
		[9, 1],
		[3, 3, 3, 1],
		[3, 3, 2, 2],
		[3, 2, 2, 3],
		[2, 2, 2, 2, 2],
		[1, 3, 3, 3],
		[5, 5],
		[4, 3, 3],
		[7, 3],
	],
};
const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{${count}}$`));
const grouped = (number: string, grouping: number[], gaps: string[]) => {
	let place = 0;
	return grouping
		.map((length, group) => (group === 0 ? '' : gaps[group - 1]!) + number.slice(place, (place += length)))
		.join('');
};

describe('the shape of a number', () => {
	const gap = fc.constantFrom(...blanks, ...dashes, ...dots, '/', ' - ', '', ') ', ')-');
	const number = fc.constantFrom('2125550101', '4165550199', '7875550123', '9895554321');

	it('is ten digits, or 3-3-4, 3-7 or 6-4, with a 1 of its own or without', () => {
		fc.assert(
			fc.property(
				number,
				fc.constantFrom(...groupings.good),
				fc.array(gap, { minLength: 2, maxLength: 2 }),
				fc.constantFrom('', '1', '+1', '1 ', '+1 ', '1-', '+1-', '(', '+1 ('),
				(digits, grouping, gaps, before) => {
					expect(phoneNumberOf(before + grouped(digits, grouping, gaps), field)).toBe(digits);
				},
			),
			{ numRuns: runs(2_000), seed: 20261122 },
		);
	});

	it('is no other group of ten digits', () => {
		const visibleGap = gap.filter((text) => text !== '');
		fc.assert(
			fc.property(
				number,
				fc.constantFrom(...groupings.bad),
				fc.array(visibleGap, { minLength: 4, maxLength: 4 }),
				fc.constantFrom('', '+1 ', '1-'),
				(digits, grouping, gaps, before) => {
					const written = before + grouped(digits, grouping, gaps);
					expect(failureOf([written]).message).toMatch(/groups of [\d-]+, not of 3-3-4$/);
				},
			),
			{ numRuns: runs(2_000), seed: 20261122 },
		);
	});

	it.each([
		'２１２５５５０１０１',
		'（２１２）５５５－０１０１',
		'＋1 212 555 0101',
		'+(1) 212-555-0101',
		'+ 1 212 555 0101',
		'212‧555‧0101',
		'212ー555ー0101',
		'tel:+1-212-555-0101',
		'2125550101.',
		2.125550101e9,
		12125550101,
	])('%j is one', (written) => {
		expect(phoneNumbersOf([written], field)).toEqual(['2125550101']);
	});

	it.each([
		'212555012.0',
		'(212) 555-012.0',
		'2125550101.0',
		'212555012.5',
		212555012.5,
		2125550101.5,
		-2125550101,
		2.125550101e21,
		NaN,
		'2026-12-24 18',
		'2026-12-24T18',
		'24.12.2026 18',
		'12/24/2026 18',
		'18:00 12-24-20',
		'212.55.50.123',
		'212 55 50 123',
		'2,125,550,101',
		'$2125550101',
		'2125550101%',
		'2.13E+09',
		'0x7EB1F6A5',
	])('%j is not one', (written) => {
		expect(failureOf([written]).outcome).toBe('invalid');
	});
});

describe('marks that nobody sees', () => {
	it('are cleaned away around a number and between its groups', () => {
		const marks = fc.array(fc.constantFrom(...invisible), { maxLength: 3 }).map((list) => list.join(''));
		fc.assert(
			fc.property(
				fc.constantFrom(...groupings.good),
				fc.array(fc.tuple(marks, fc.constantFrom(' ', '-', ''), marks), { minLength: 4, maxLength: 4 }),
				(grouping, places) => {
					const [first, ...gaps] = places.map((parts) => parts.join('')) as [string, ...string[]];
					const last = gaps.pop()!;
					const written = first.replace('-', '') + grouped('2125550101', grouping, gaps) + last;
					expect(phoneNumberOf(written, field)).toBe('2125550101');
				},
			),
			{ numRuns: runs(2_000), seed: 20261122 },
		);
	});

	it.each(invisible)('are shown by their code in a refusal: %j', (mark) => {
		const code = `[U+${mark.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;
		expect(() => phoneNumberOf(`212${mark}555`, field)).toThrow(`"212${code}555"`);
	});

	it.each([
		"'2125550101",
		'’2125550101',
		'"212-555-0101"',
		'“(212) 555-0101”',
		'tel:+1-212-555-0101',
		'\u202A+1 (212) 555\u20110101\u202C',
		'212-555-0101.',
		'• 212 555 0101',
	])('nor quotes, bullets and the like: %s', (written) => {
		expect(phoneNumberOf(written, field)).toBe('2125550101');
	});
});

describe('a list', () => {
	it.each([
		[[null, '2125550101', '', undefined, ' ', '\u200B']],
		[['2125550101; +1 212 555 0101', 2125550101]],
		['2125550101\u2028(212) 555-0101\u2029\u0085'],
		['2125550101，2125550101；2125550101、'],
		[2125550101],
	])('%j is one number', (value) => {
		expect(phoneNumbersOf(value, field)).toEqual(['2125550101']);
	});

	it.each([[null], [undefined], [''], [' \u200B, ;\n'], [[]], [[null, '']]])('%j is empty', (value) => {
		expect(phoneNumbersOf(value, field)).toEqual([]);
	});

	it.each([
		[true, 'true'],
		[{}, 'an object'],
		[[['2125550101']], 'a list'],
		[[-1], '-1'],
	])('%j is none', (value, kind) => {
		expect(failureOf(value).message).toBe(
			`“Phone Numbers” must be text or a list of phone numbers, but contains ${kind}`,
		);
	});

	it('whose numbers have nothing between them says what to put there', () => {
		const { message, facts } = failureOf('2125550101 2125550102');
		expect(message).toContain('it has 20 digits instead of ten');
		expect(facts.advice).toContain('Put a comma');
	});

	it.each([' | ', ' and ', ' & ', '<br>', String.raw`\n`, ' +1 '])(
		'whose numbers have “%s” between them says what to put there',
		(between) => {
			expect(failureOf(`2125550101${between}212-555-0102`).facts.advice).toContain('Put a comma');
		},
	);
});

test.each([', ', '; ', '\n', ' and ', ' '])(
	'a field of one number that has two, with “%s”, says so',
	(between) => {
		const two = `2125550101${between}212-555-0102`;
		expect(() => phoneNumberOf(two, 'Phone Number')).toThrow(
			expect.objectContaining({
				facts: expect.objectContaining({
					advice: expect.stringContaining('takes one number') as string,
				}) as object,
			}),
		);
	},
);

test('numbers of a reply are found in digits of full width as well', () => {
	const reply = {
		PhoneNumber: '２１２５５５０１０１',
		others: ['（２１２）５５５－０１０２', '\u200B1-212-555-0103'],
	};
	expect(numbersIn(reply)).toEqual(['2125550101', '2125550102', '2125550103']);
});

test.each([
	[
		['12125550101', '0012125550102', '2125550103x', '21255501045'],
		['2125550101', '2125550102', '2125550103'],
	],
	[null, []],
	[{ list: [null, '212-555-0101'] }, ['2125550101']],
] as Array<[unknown, string[]]>)('numbers in %j', (reply, numbers) => {
	expect(numbersIn(reply)).toEqual(numbers);
});

const WRITE = 'Write its ten digits like (212) 345-6785 or +1 212 345 6785.';
const SEPARATE = 'Put a comma, a semicolon or a new line between two numbers.';
test.each([
	['2'.repeat(101), 'it has 101 digits in 101 characters', SEPARATE],
	[`${'x'.repeat(100)}2`, 'it has 1 digit in 101 characters', SEPARATE],
	[`${'x'.repeat(94)}212555`, '"xxxxxxxxxx" does not belong in it', WRITE],
	['212 555 010', 'it has 9 digits instead of ten', WRITE],
	[
		'2.13E9',
		'a spreadsheet has shortened it',
		'Give its column the format Text in the spreadsheet, and enter the number again.',
	],
	['a 2.13E+09', '"a" does not belong in it', WRITE],
	['2.13E+09 or', '"E" does not belong in it', WRITE],
	['[2125550101]', 'it is a list as text', 'Let the expression give the list itself.'],
	['212[5550101', '"[" does not belong in it', WRITE],
	[
		'2125550101 x5',
		'it has an extension, which no text message reaches',
		'Give the number of a mobile phone, without an extension.',
	],
	['2125550101 xenon', '"xenon" does not belong in it', WRITE],
	['2125550101 box', '"box" does not belong in it', WRITE],
	['2125550101 tel:', '"tel:" does not belong in it', WRITE],
	['3002125550101', 'it has 13 digits instead of ten', WRITE],
	['00212555010', 'it has 11 digits and does not begin with 1', WRITE],
	['21 255 50101', 'its digits are in groups of 2-3-5, not of 3-3-4', WRITE],
	['212 511 0101', 'no phone has 511 after its area code', 'Check its fourth to sixth digit.'],
	['911 555 0101', 'its first three digits, 911, are not the area code of a place there', 'Check them.'],
	[
		'+44 20 7946 0958',
		'its country is not the one of +1',
		'Only mobile phones of the United States and Canada can be reached.',
	],
])('%s: %s', (written, trouble, advice) => {
	const { message, facts } = failureOf(written);
	expect(message.split(' Canada: ')[1]).toBe(trouble);
	expect(facts.advice).toBe(advice);
});

test('a number may have many gaps, or a middle of 205', () => {
	expect(understood(`'212${'-'.repeat(89)}5550101`)).toBe('2125550101');
	expect(understood('212 205 0101')).toBe('2122050101');
});

test('the number 0 is the text of it', () => {
	expect(() => phoneNumbersOf(0, 'Phone Numbers')).toThrow('it has 1 digit instead of ten');
});

describe('codes that no person has', () => {
	it.each([
		['911 555 0101', 'its first three digits, 911, are not the area code of a place there'],
		['(011) 555-0101', 'its first three digits, 011, are not'],
		['(299) 555-0101', 'its first three digits, 299, are not'],
		['(212) 911-0101', 'no phone has 911 after its area code'],
		['(212) 055-0101', 'no phone has 055 after its area code'],
		['(876) 555-0101', 'its area code 876 is that of Jamaica'],
		['809-555-0101', 'its area code 809 is that of the Dominican Republic'],
		['1 441 555 0101', 'its area code 441 is that of Bermuda'],
		['900 555 0101', 'its area code 900 is for special services'],
		['500 555 0101', 'its area code 500 is for special services'],
		['600 555 0101', 'its area code 600 is for special services'],
		['+2125550101', 'its country is not the one of +1'],
		['+44 20 7946 0958', 'its country is not the one of +1'],
		['22125550101', 'it has 11 digits and does not begin with 1'],
		...['212 555 0101 x5', '2125550101ext. 12', '212-555-0101 Extension 4', '2125550101#9'].map((written) => [
			written,
			'it has an extension, which no text message reaches',
		]),
		['212 555 0101 home', '"home" does not belong in it'],
		['1-800-FLOWERS', '"FLOWERS" does not belong in it'],
		['001 212 555 0101', 'it begins with 00, as numbers do that are dialed from abroad'],
		['011 1 212 555 0101', 'it begins with 011, as numbers do that are dialed from abroad'],
		['00447911123456', 'its country is not the one of +1'],
		['011 44 7911 123456', 'its country is not the one of +1'],
		['+1212555010', 'it has 9 digits after +1 instead of ten'],
		['+1 (0) 212 555 0101', 'it has 11 digits after +1 instead of ten'],
		['++12125550101', 'its "+" does not stand at its beginning'],
		['+1+212-555-0101', 'its "+" does not stand at its beginning'],
		['2125550101+', 'its "+" does not stand at its beginning'],
		['0', 'it has 1 digit instead of ten'],
		['N/A', 'there are no digits in it'],
		['none', 'there are no digits in it'],
		['[2125550101]', 'it is a list as text'],
		['{"phone":"2125550101"}', 'it is a list as text'],
		['tel:5550101', 'it has 7 digits instead of ten'],
		['２１２５５５０１０', 'it has 9 digits instead of ten'],
		['٢١٢٥٥٥٠١٠١', 'there are no digits in it'],
		['2.13E+09', 'a spreadsheet has shortened it'],
	])('%s: %s', (written, why) => {
		const { message, facts } = failureOf(written);
		expect(message).toContain(
			`contains "${written}", which is not the number of a mobile phone in the United States or Canada: ${why}`,
		);
		expect(facts.advice).toMatch(/\.$/);
	});

	const everyCode = Array.from({ length: 1000 }, (_, area) => String(area).padStart(3, '0'));
	// Its lists for the islands name single exchanges: these are among them.
	const parsedAs = (code: string) =>
		['555', '777', '989', '733']
			.map((exchange) => parsePhoneNumberFromString(`+1${code}${exchange}4567`))
			.filter((number) => number?.isValid());

	it('are none that libphonenumber has for mobile phones of the two countries', () => {
		const known = everyCode.filter((code) => parsedAs(code).some((number) => isTextable(number!)));
		expect(known.length).toBeGreaterThan(400);
		expect(known.filter((code) => understood(`${code}5550101`) === null)).toEqual([]);
	});

	it('are those of other countries and of services, by libphonenumber or by the plan', () => {
		const wellFormed = everyCode.filter((code) => /^(?!.11)[2-9][0-8]\d$/.test(code));
		const refused = wellFormed.filter((code) => understood(`${code}5550101`) === null);
		const byLibrary = refused.filter((code) => parsedAs(code).some((number) => !isTextable(number!)));
		const byPlan = '242 246 264 268 284 456 473 644 649 655 664 666 677 688 700 710 721 767 869';
		expect(refused.filter((code) => !byLibrary.includes(code)).join(' ')).toBe(byPlan);
	});

	it.each(['436', '861', '679', '729', '837', '357', '457', '624', '471', '483', '621', '924', '273', '235'])(
		'%s is not among them, in use or about to be',
		(code) => {
			expect(understood(`(${code}) 234-5678`)).toBe(`${code}2345678`);
		},
	);

	it.each(['800', '833', '844', '855', '866', '877', '888', '555', '238', '687'])(
		'%s is left to the provider',
		(code) => {
			expect(understood(`+1 ${code} 555 0101`)).toBe(`${code}5550101`);
		},
	);
});

type Parsed = NonNullable<ReturnType<typeof parsePhoneNumberFromString>>;

const countries = ['US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP'];
const isKnown = (number: string) =>
	['555', '777', '989', '733'].some((exchange) => {
		const parsed = parsePhoneNumberFromString(`+1${number.slice(0, 3)}${exchange}4567`);
		return parsed?.isValid() && isTextable(parsed);
	});
const isTextable = (number: Parsed) =>
	countries.includes(number.country ?? '') && /MOBILE/.test(number.getType() ?? 'MOBILE');

describe('10,000 written forms, beside libphonenumber', () => {
	const form = fc.record({
		area: fc.oneof(
			{ weight: 8, arbitrary: fc.constantFrom('212', '416', '305', '587', '213', '902') },
			{ weight: 6, arbitrary: digits(3) },
			{ weight: 1, arbitrary: fc.constantFrom('800', '844', '888', '900', '500', '533', '600', '622') },
			{ weight: 1, arbitrary: fc.constantFrom('242', '809', '876', '441', '658') },
			{ weight: 1, arbitrary: fc.constantFrom('787', '340', '671', '670', '684', '983') },
			{ weight: 1, arbitrary: fc.constantFrom('211', '311', '411', '911') },
		),
		exchange: fc.oneof(
			{ weight: 6, arbitrary: fc.constantFrom('555', '234', '345', '678', '998') },
			{ weight: 3, arbitrary: digits(3) },
			{ weight: 1, arbitrary: fc.constantFrom('211', '411', '911') },
		),
		line: digits(4),
		more: fc.oneof(
			{ weight: 10, arbitrary: fc.constant('') },
			{ weight: 1, arbitrary: fc.constantFrom('0', '01', '-', 'one digit less') },
		),
		before: fc.oneof(
			{ weight: 4, arbitrary: fc.constantFrom('', '1', '+1', '1 ', '+1 ', '+1-') },
			{ weight: 1, arbitrary: fc.constantFrom('+', '001', '+44 ', '11', 'tel:', "'") },
		),
		after: fc.oneof(
			{ weight: 4, arbitrary: fc.constant('') },
			{ weight: 1, arbitrary: fc.constantFrom(' ', '.', ' x5', ' ext. 12', '.0', '.5', 'e0') },
		),
		grouping: fc.oneof(
			{ weight: 5, arbitrary: fc.constantFrom(...groupings.good) },
			{ weight: 2, arbitrary: fc.constantFrom(...groupings.bad) },
		),
		gap: fc.oneof(
			{ weight: 4, arbitrary: fc.constantFrom(' ', '-', '.', '/', ' - ') },
			{ weight: 2, arbitrary: fc.constantFrom(...blanks, ...dashes, ...dots) },
			{ weight: 1, arbitrary: fc.constantFrom(',', ':', '_', '*', ' or ') },
		),
		brackets: fc.boolean(),
		mark: fc.oneof(
			{ weight: 6, arbitrary: fc.constant('') },
			{ weight: 1, arbitrary: fc.constantFrom(...invisible) },
		),
	});

	it('differ only where one of the two means something else', () => {
		const reasons: Record<string, number> = {};
		const unexplained: string[] = [];
		let both = 0;
		for (const parts of fc.sample(form, { numRuns: 10_000, seed: 20261122 })) {
			const { area, exchange, line, more, before, after, grouping, gap, brackets, mark } = parts;
			const number =
				more === 'one digit less' ? area + exchange + line.slice(1) : area + exchange + line + more;
			const isBracketed = brackets && grouping[0] === 3;
			const gaps = [isBracketed ? `) ${mark}` : mark + gap, gap, gap, gap];
			const written = before + (isBracketed ? '(' : '') + grouped(number, grouping, gaps) + mark + after;

			const ours = understood(written);
			const parsed = parsePhoneNumberFromString(written, 'US');
			const theirs =
				parsed?.isValid() && parsed.countryCallingCode === '1' ? parsed.nationalNumber.slice(-10) : null;
			if (ours === theirs) {
				if (ours !== null) both++;
				continue;
			}
			const why = reasonOf(written, ours, theirs === null ? undefined : parsed);
			if (why === undefined) unexplained.push(`${JSON.stringify(written)}: ${ours}, ${theirs}`);
			else reasons[why] = (reasons[why] ?? 0) + 1;
		}
		expect(unexplained).toEqual([]);
		// None of the reasons is there for nothing.
		expect({ both, ...reasons }).toEqual({
			both: 2025,
			'a sign that is not one of phone numbers': 18,
			'an area code that it does not know, or of toll-free calls': 210,
			'an extension, or another word': 155,
			'it knows the exchanges of the islands': 83,
			'it leaves out a part of 983': 4,
			'it stops at a mark that nobody sees': 291,
			'it stops at a rare blank, dash or dot': 260,
			'it takes 211 to 911 for an exchange': 307,
			'no mobile phone of the two countries': 526,
			'other groups of digits': 762,
		});
	});

	const rare = [...blanks, ...dashes, ...dots].filter((sign) => sign > '~');
	const islands = /^(?:340|670|671|684)/;
	const ownGroups = /^(?:10|3-3-4|3-7|6-4|1-10|1-3-3-4|1-3-7|1-6-4)$/;
	const joinedToOne = /^(?:11|4-3-4|4-7|7-4)$/;

	/** Told by the text and by what libphonenumber makes of it, not by how the package reads it. */
	function reasonOf(written: string, ours: string | null, theirs: Parsed | undefined): string | undefined {
		if (ours !== null && theirs === undefined) {
			if (/[\p{Default_Ignorable_Code_Point}\p{Cc}]/u.test(written))
				return 'it stops at a mark that nobody sees';
			if (rare.some((sign) => written.includes(sign))) return 'it stops at a rare blank, dash or dot';
			if (!isKnown(ours)) return 'an area code that it does not know, or of toll-free calls';
			if (islands.test(ours)) return 'it knows the exchanges of the islands';
			return ours.startsWith('9836') ? 'it leaves out a part of 983' : undefined;
		}
		if (ours !== null || theirs === undefined) return undefined;
		if (!isTextable(theirs)) return 'no mobile phone of the two countries';
		if (/^\d11$/.test(theirs.nationalNumber.slice(3, 6))) return 'it takes 211 to 911 for an exchange';
		if (/[a-z]/i.test(written.replace('tel:', ''))) return 'an extension, or another word';
		if (/[,:_*]/.test(written)) return 'a sign that is not one of phone numbers';
		const lengths = written.match(/\d+/g)!.map(({ length }) => length);
		const groups = lengths.join('-');
		const isWhole = ownGroups.test(groups) || (joinedToOne.test(groups) && /^\D*1/.test(written));
		return isWhole ? undefined : 'other groups of digits';
	}
});

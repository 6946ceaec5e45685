import fc from 'fast-check';
import { transliterate } from 'transliteration';
import { countedLength, named, removed, replaced, unsupportedIn } from '../../nodes/ClubTexting/characters';
import { supported } from '../../nodes/ClubTexting/text';
import type { OperationError } from '../../nodes/shared/errors';
import { runs } from '../everything';

const seed = 20261122;
/** All that Unicode has, but for the private planes and what is still empty. */
const codePoints = Array.from({ length: 0x20000 }, (_, code) => (code < 0x1ff00 ? code : code + 0xc0100));
const charactersOf = (kind: RegExp) =>
	codePoints.map((code) => String.fromCodePoint(code)).filter((character) => kind.test(character));
/** Every character of Unicode that has a name, and none of the ideographs. */
const assigned = charactersOf(/(?!\p{Script=Han}|\p{Script=Hangul}|\p{Co}|\p{Cs})\p{Assigned}/u);

/** What is refused of a text although it is to be replaced. */
const refused = (text: string) => unsupportedIn(replaced(text));

describe('replaced by what means the same', () => {
	it.each([
		// Fractions are numbers of their own.
		['1½ cups', '1 1/2 cups'],
		['½ cup, ⅞ inch, 10⅓', '1/2 cup, 7/8 inch, 10 1/3'],
		['½½', '1/2 1/2'],
		['1 1⁄2', '1 1/2'],
		// A keycap is the digit on it, and two are not a number.
		['Press 1️⃣ or 2⃣', 'Press 1 or 2'],
		['1️⃣2️⃣', '1 2'],
		['No 🔟: #️⃣', 'No 10: #'],
		// Words and currencies do not run into numbers.
		['€5, 5€50, £3', 'EUR 5, 5 EUR 50, GBP 3'],
		['20°C, 20 °F, 20℃ and 20°.', '20 deg C, 20 deg F, 20 deg C and 20 deg.'],
		['n° 5, Nº5', 'no. 5, No.5'],
		['3×4, 0×10', '3 x 4, 0 x 10'],
		['10 ➕ 5 ➖ 3 ✖️ 2 ➗ 4', '10 + 5 - 3 x 2 / 4'],
		['5′6″', '5\'6"'],
		['−5 to −3, 7–9', '-5 to -3, 7-9'],
		// Emoji, of however many parts.
		['Hi 👨‍👩‍👧‍👦, 👍🏽 🇺🇸🏴󠁧󠁢󠁥󠁮󠁧󠁿❤️‍🔥!', 'Hi ,  !'],
		['Hi🐝there 🏃‍➡️', 'Hi there '],
		['Sale ⬇️ 5🐝6', 'Sale  5 6'],
		['Really⁉️ Yes‼', 'Really!? Yes!!'],
		['©️ Honey™', '(c) Honey(TM)'],
		// What nobody sees.
		['zero\u200Bwidth, soft\u00ADhyphen\uFEFF \u202Eright\u202C', 'zerowidth, softhyphen right'],
		['bell\u0007', 'bell'],
		// Bullets and bars between words.
		['• Milk\n▪ Eggs\n · Tea', '- Milk\n- Eggs\n - Tea'],
		['Mon • Tue | Wed', 'Mon - Tue - Wed'],
		// Letters.
		['Đặng, Łódź, Þór, ŋ, ħ, ŉ', "Dang, Lodz, Thor, ng, h, 'n"],
		['m\u0303 q\u0323\u0307', 'm q'],
		['𝐇𝐞𝐥𝐥𝐨 ｆｕｌｌ ﬁne Ⅳ １２', 'Hello full fine IV 12'],
		// Lines.
		['a\r\nb\rc\u0085d\u2028e\u2029f\vg\fh', 'a\nb\nc\nd\ne\nf\ng\nh'],
		['a\u3164b\u2800c', 'a b c'],
	])('%s', (text, result) => {
		expect(replaced(text)).toBe(result);
	});

	it.each([
		...[
			'2 ≠ 3',
			'10²',
			'x³',
			'H₂O',
			'①②',
			'⑴',
			'⒈',
			'Dial *86',
			'*️⃣',
			'temp > 5',
			'<b>',
			'->',
			'a → b',
			'A ↔ B',
		],
		...[
			'2^3',
			'3•4',
			'5 • 6',
			'3·4',
			'a|b',
			'5 | 6',
			'§ 5',
			'5 µm',
			'≤ 5',
			'≈ 5',
			'√2',
			'1º',
			'2ª',
			'xⁿ',
			'¥100',
		],
		...['5‰', '¹⁄₂', 's̶a̶l̶e', '5̶0', 'a⃠', '5́', 'привет', 'γειά', '你好', 'שלום', 'Ⓐ', '㎡', '⅟2', '♯'],
	])('or refused: %s', (text) => {
		expect(refused(text)).not.toEqual([]);
		expect(() => supported(text, 'Message', 'replace', 'Club Texting')).toThrow(named(refused(text)[0]!));
	});

	it('gives any letter without its accents as a transliteration does', () => {
		const differing = charactersOf(/\p{Script=Latin}/u)
			.filter((letter) => refused(letter).length === 0)
			.map((letter) => [letter, replaced(letter), transliterate(letter)])
			.filter(([, ours, theirs]) => ours!.toLowerCase() !== theirs!.toLowerCase());
		// It leaves some out, and has slips.
		expect(differing).toEqual([
			['Ý', 'Y', 'U'],
			['ǲ', 'Dz', 'D'],
			['ẞ', 'SS', ''],
			['\u212A', 'K', ''],
			['\u212B', 'A', ''],
		]);
	});

	it('leaves no letter of a language of the Americas or Europe that is written in Latin letters', () => {
		const alphabets =
			'áéíóúñü ¿¡ àâæçèêëîïôœùûÿ ãõ äöß åø ąćęłńśźż čďěňřšťůž őű ăîșțşţ ğı đžćč ħġċż āčēģīķļņšūž ąčęėįšųū õäöü ðþ ŵŷ ŋŧđ ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ ʻāēīōū';
		expect(refused(alphabets + alphabets.toUpperCase())).toEqual([]);
	});
});

describe('removed', () => {
	it.each([
		['a\u00A0b\u2009c\td\u3000e\u3164f\u2800g', 'a b c d e f g'],
		['a\r\nb\rc\u0085d\u2028e\u2029f\vg\fh', 'a\nb\nc\nd\ne\nf\ng\nh'],
		['7–9, −5, well—known', '7-9, -5, well-known'],
		['Rene\u0301 René', 'Ren Ren'],
		['m\u0303ore', 'ore'],
		['5*3, 5×3, 5é3, 5µ3, 2½5', '5 3, 5 3, 5 3, 5 3, 2 5'],
		['either|or, a→b, Hi🐝there', 'either or, a b, Hi there'],
		['don’t, 1’000', 'dont, 1 000'],
		['zero\u200Bwidth', 'zerowidth'],
		['Press 1️⃣2️⃣', 'Press 1 2'],
		['5̶0 10²', '0 10'],
	])('%s', (text, result) => {
		expect(removed(text)).toBe(result);
	});

	it('never joins words or numbers', () => {
		const between = assigned.filter(
			(character) =>
				!/[\p{Default_Ignorable_Code_Point}\p{M}\p{L}a-zA-Z0-9]/u.test(character) &&
				!/(?!\s|\u0085)\p{Cc}/u.test(character),
		);
		const joined = between.filter((character) => removed(`5${character}6`) === '56');
		expect(joined).toEqual([]);
		const letters = charactersOf(/(?![a-zA-Z])\p{Script=Latin}/u);
		expect(letters.filter((letter) => removed(`5${letter}6`) === '56')).toEqual([]);
		// An apostrophe is part of a word.
		const single = between.filter((character) => removed(`a${character}b`) === 'ab');
		expect(single.join('').normalize()).toMatch(/^[`´‘’‛′]+$/);
	});
});

describe('any text', () => {
	const text = fc.oneof(
		fc.string({ unit: 'grapheme', maxLength: 30 }),
		fc.string({ unit: 'binary', maxLength: 30 }),
		fc.array(fc.constantFrom(...assigned), { maxLength: 20 }).map((list) => list.join('')),
		fc
			.array(
				fc.constantFrom(
					...[
						'a',
						'7',
						' ',
						'.',
						'é',
						'e\u0301',
						'½',
						'²',
						'🐝',
						'1️⃣',
						'➡️',
						'👍🏽',
						'🇺🇸',
						'’',
						'”',
						'–',
						'°',
						'€',
					],
					...[
						'\u0336',
						'\u0301',
						'\u200D',
						'\uFE0F',
						'\u200B',
						'\u00A0',
						'\r',
						'\n',
						'\u2028',
						'•',
						'|',
						'*',
						'n°',
						'ø',
					],
				),
				{ maxLength: 12 },
			)
			.map((list) => list.join('')),
	);
	const treatments = { replaced, removed };

	it.each(Object.entries(treatments))('%s: composed or not, it gives one message', (_name, treat) => {
		fc.assert(
			fc.property(text, (given) => {
				expect(treat(given.normalize('NFD'))).toBe(treat(given.normalize('NFC')));
			}),
			{ numRuns: runs(5_000), seed },
		);
	});

	it.each(Object.entries(treatments))('%s: once is enough', (_name, treat) => {
		fc.assert(
			fc.property(text, (given) => {
				const result = treat(given);
				if (unsupportedIn(result).length === 0) expect(treat(result)).toBe(result);
			}),
			{ numRuns: runs(5_000), seed },
		);
	});

	it('removed can be sent, and nothing of it was not there', () => {
		fc.assert(
			fc.property(text, (given) => {
				const result = removed(given);
				expect(unsupportedIn(result)).toEqual([]);
				expect(given.normalize('NFC')).toEqual(expect.stringMatching(inOrder(result)));
			}),
			{ numRuns: runs(5_000), seed },
		);
	});

	it('that can be sent stays as it is', () => {
		const sendable = fc.stringMatching(/^[a-zA-Z0-9 \n.,:;!?()~=+\-_\\/@$#&%'"]{0,40}$/);
		fc.assert(
			fc.property(sendable, (given) => {
				expect(replaced(given)).toBe(given);
				expect(removed(given)).toBe(given);
				expect(supported(given, 'Message', 'reject', 'Club Texting')).toBe(given);
			}),
			{ numRuns: runs(2_000), seed },
		);
	});

	/** The letters and digits of a result, in their order, with anything between them. */
	function inOrder(result: string): RegExp {
		return new RegExp((result.match(/[a-z0-9]/gi) ?? []).join('[^]*'));
	}
});

describe('every emoji', () => {
	it('is left out, or replaced by what is on it', () => {
		const emoji = charactersOf(/\p{Emoji_Presentation}/u);
		expect(emoji.length).toBeGreaterThan(1_000);
		expect(emoji.filter((one) => unsupportedIn(replaced(`a${one}b`)).length > 0)).toEqual([]);
		const pictures = charactersOf(/(?![0-9#*])\p{Emoji}/u).map((one) => `${one}\uFE0F`);
		expect(pictures.filter((one) => unsupportedIn(replaced(`a${one}b`)).length > 0)).toEqual([]);
	});
});

describe('a line break', () => {
	it.each(['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029'])('counts two characters: %j', (lineBreak) => {
		expect(countedLength(`a${lineBreak}b`)).toBe(4);
		for (const treatment of ['replace', 'remove'] as const) {
			expect(supported(`a${lineBreak}b`, 'Message', treatment, 'Club Texting')).toBe('a\nb');
		}
	});

	it.each(['\n', '\r', '\r\n'])('goes out as a line feed: %j', (lineBreak) => {
		expect(supported(`a${lineBreak}b`, 'Message', 'reject', 'Club Texting')).toBe('a\nb');
	});
});

describe('an error', () => {
	it.each([
		['é', 'é (U+00E9)'],
		['\u200B', 'U+200B'],
		['\u00A0', 'U+00A0'],
		['\u0301', 'U+0301'],
		['\u2800', 'U+2800'],
		['\u3164', 'U+3164'],
		['\uE000', 'U+E000'],
		['🐝', '🐝 (U+1F41D)'],
	])('shows %j as %s', (character, shown) => {
		expect(named(character)).toBe(shown);
	});

	it('names a letter, not the accent that is composed with it', () => {
		const failure = (() => {
			try {
				return supported('Rene\u0301', 'Message', 'reject', 'Club Texting');
			} catch (error) {
				return error as OperationError;
			}
		})();
		expect(failure).toMatchObject({
			message: '“Message” contains characters that Club Texting does not send: é (U+00E9)',
		});
	});
});

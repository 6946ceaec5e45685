import { invalid } from '../shared/errors';
import { textIn } from '../shared/http/response';
import { shown, trimmed, withoutInvisible } from '../shared/values/text';

/**
 * The area codes of places in the United States, its islands (American Samoa, Guam, Northern Marianas, Puerto Rico,
 * Virgin Islands) and Canada, in use or announced. Source: the metadata of Google's libphonenumber, November 2026.
 */
const AREA_CODES = new Set(
	`
		201 202 203 204 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 226 227 228 229 231
		234 235 236 239 240 248 249 250 251 252 253 254 256 257 260 262 263 267 269 270 272 273 274 276 279 281 283
		289 301 302 303 304 305 306 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 324 325 326 327 329
		330 331 332 334 336 337 339 340 341 343 346 347 350 351 352 353 354 360 361 363 364 365 367 368 369 380 382
		385 386 401 402 403 404 405 406 407 408 409 410 412 413 414 415 416 417 418 419 423 424 425 428 430 431 432
		434 435 437 438 440 442 443 445 447 448 450 458 463 464 468 469 470 472 474 475 478 479 480 484 501 502 503
		504 505 506 507 508 509 510 512 513 514 515 516 517 518 519 520 530 531 534 539 540 541 548 551 557 559 561
		562 563 564 567 570 571 572 573 574 575 579 580 581 582 584 585 586 587 601 602 603 604 605 606 607 608 609
		610 612 613 614 615 616 617 618 619 620 623 626 628 629 630 631 636 639 640 641 645 646 647 650 651 656 657
		659 660 661 662 667 669 670 671 672 678 680 681 682 683 684 686 689 701 702 703 704 705 706 707 708 709 712
		713 714 715 716 717 718 719 720 724 725 726 727 728 730 731 732 734 737 738 740 742 743 747 748 753 754 757
		760 762 763 765 769 770 771 772 773 774 775 778 779 780 781 782 785 786 787 801 802 803 804 805 806 807 808
		810 812 813 814 815 816 817 818 819 820 821 825 826 828 830 831 832 835 838 839 840 843 845 847 848 850 854
		856 857 858 859 860 862 863 864 865 867 870 872 873 878 879 901 902 903 904 905 906 907 908 909 910 912 913
		914 915 916 917 918 919 920 925 928 929 930 931 934 936 937 938 939 940 941 942 943 945 947 948 949 951 952
		954 956 959 970 971 972 973 975 978 979 980 983 984 985 986 989
`
		.trim()
		.split(/\s+/),
);

/** The countries that share the prefix +1 with the two. Source: the same. */
const ELSEWHERE = {
	Anguilla: '264',
	'Antigua and Barbuda': '268',
	'the Bahamas': '242',
	Barbados: '246',
	Bermuda: '441',
	'the British Virgin Islands': '284',
	'the Cayman Islands': '345',
	Dominica: '767',
	'the Dominican Republic': '809 829 849',
	Grenada: '473',
	Jamaica: '658 876',
	Montserrat: '664',
	'Saint Kitts and Nevis': '869',
	'Saint Lucia': '758',
	'Saint Vincent and the Grenadines': '784',
	'Sint Maarten': '721',
	'Trinidad and Tobago': '868',
	'the Turks and Caicos Islands': '649',
};

/** What stands between the groups of digits, or around them. */
const GAP = String.raw`[\s().\/\u00B7\u0387\u2022\u2027\u2219\u2212\u22C5\u2E31\u30FB\u30FC\uFF65\p{Pd}]`;
const NUMBER = new RegExp(
	`^${GAP}*(?:\\+${GAP}*1|1)?${GAP}*(\\d{3})${GAP}*(\\d{3})${GAP}*(\\d{4})${GAP}*$`,
	'u',
);
const NOT_OF_A_NUMBER = new RegExp(`(?:(?!${GAP})[^\\d+]){1,10}`, 'u');

/** Quotes, with the apostrophe by which Excel keeps a text a text, and the scheme of a link. */
const WRAPPING = /^["'`´‘’“”ʼ]*(?:tel:)?|["'`´‘’“”ʼ]+$/gi;

const BETWEEN_NUMBERS = /[,;\r\n\u0085\u2028\u2029\u060C\u061B\u3001\uFF0C\uFF1B]/;

const ADVICE = 'Write its ten digits like (212) 345-6785 or +1 212 345 6785.';
const REACH = 'Only mobile phones of the United States and Canada can be reached.';

/**
 * A North American phone number as Club Texting takes it: ten digits. They may be written as one, or as 3-3-4, 3-7 or
 * 6-4 digits with spaces, dashes, dots, slashes or brackets between them, after a 1 or +1 or without. Nothing else is
 * taken for a number, as other groups are those of a date, an amount or a number of another country.
 *
 * @throws OperationError `invalid`
 */
export function phoneNumberOf(written: string, field: string): string {
	const number = trimmed(plainWidth(withoutInvisible(written))).replace(WRAPPING, '');
	const [, area, exchange, line] = NUMBER.exec(number) ?? [];
	const [trouble, advice] =
		area === undefined ? troubleOfShape(number) : (troubleOfCodes(area, exchange!) ?? []);
	if (trouble === undefined) return `${area}${exchange}${line}`;
	throw invalid(
		field,
		`contains "${shown(written.trim())}", which is not the number of a mobile phone in the United States or Canada: ${trouble}`,
		advice ?? ADVICE,
	);
}

/** Digits and signs of East Asian keyboards, which look the same and are wider. */
function plainWidth(text: string): string {
	return text.replace(/[\uFF01-\uFF5E]/g, (wide) => wide.normalize('NFKC'));
}

type Trouble = [trouble: string, advice?: string];

function troubleOfShape(number: string): Trouble {
	const digits = number.replace(/\D/g, '');
	if (/^[\d.]+E\+?\d+$/i.test(number)) {
		return [
			'a spreadsheet has shortened it',
			'Give its column the format Text in the spreadsheet, and enter the number again.',
		];
	}
	if (/^[[{]/.test(number)) return ['it is a list as text', 'Let the expression give the list itself.'];
	if (digits === '') return ['there are no digits in it, 0 to 9'];
	const other = NOT_OF_A_NUMBER.exec(number)?.[0];
	if (/^(x|ext|extn|extension|#|ext=)$/i.test(other ?? '')) {
		return [
			'it has an extension, which no text message reaches',
			'Give the number of a mobile phone, without an extension.',
		];
	}
	if (other !== undefined) return [`"${shown(other)}" does not belong in it`];
	if (/\d.*\+|\+.*\+/s.test(number)) return ['its "+" does not stand at its beginning'];
	const abroad = /^(?:00|011)(?=1?\d{10})/.exec(digits)?.[0];
	if (/^\D*\+\D*[^\D1]/.test(number) || (abroad !== undefined && digits[abroad.length] !== '1')) {
		return ['its country is not the one of +1', REACH];
	}
	if (abroad !== undefined) return [`it begins with ${abroad}, as numbers do that are dialed from abroad`];
	if (/^\D*\+/.test(number) && digits.length !== 11) {
		return [`it has ${counted(digits.length - 1)} after +1 instead of ten`];
	}
	if (digits.length === 11 && digits[0] !== '1') return ['it has 11 digits and does not begin with 1'];
	if (digits.length < 10 || digits.length > 11) {
		return [
			`it has ${counted(digits.length)} instead of ten`,
			digits.length < 20 ? ADVICE : 'Put a comma, a semicolon or a new line between two numbers.',
		];
	}
	return [
		`its digits are in groups of ${number
			.match(/\d+/g)!
			.map(({ length }) => length)
			.join('-')}, not of 3-3-4`,
	];
}

function counted(digits: number): string {
	return `${digits} ${digits === 1 ? 'digit' : 'digits'}`;
}

function troubleOfCodes(area: string, exchange: string): Trouble | undefined {
	if (!AREA_CODES.has(area)) {
		const country = Object.entries(ELSEWHERE).find(([, codes]) => codes.includes(area))?.[0];
		if (country) return [`its area code ${area} is that of ${country}`, REACH];
		if (/^(?:800|8([2-8])\1)$/.test(area))
			return [`its area code ${area} is for toll-free calls, not for mobile phones`, REACH];
		if (/^(?:900|[5-7]00|5(?:2\d|([3-8])\1)|6([2-8])\2|456|710)$/.test(area)) {
			return [`its area code ${area} is for special services, not for mobile phones`, REACH];
		}
		return [
			`its first three digits, ${area}, are not the area code of a place there`,
			'Check them. A new area code may need a newer version of this package.',
		];
	}
	if (/^[01]|11$/.test(exchange)) {
		return [`no phone has ${exchange} after its area code`, 'Check its fourth to sixth digit.'];
	}
	return undefined;
}

/**
 * Phone numbers from a text with commas, semicolons or new lines between them, or from a list. Each stands once; what
 * is empty is left out.
 *
 * @throws OperationError `invalid` for the first that is none
 */
export function phoneNumbersOf(value: unknown, field: string): string[] {
	const parts = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((part) => {
		if (part === null || part === undefined) return [];
		if (typeof part === 'string') return part.split(BETWEEN_NUMBERS);
		// As text, a negative number would pass for one after a dash.
		if (typeof part === 'number' && part >= 0) return [String(part)];
		const kind = Array.isArray(part) ? 'a list' : typeof part === 'object' ? 'an object' : String(part);
		throw invalid(
			field,
			`must be text or a list of phone numbers, but contains ${kind}`,
			'An expression has to give the numbers themselves, such as {{ $json.phone }}.',
		);
	});
	const written = parts.filter((part) => trimmed(part) !== '');
	return [...new Set(written.map((part) => phoneNumberOf(part, field)))];
}

/**
 * The ten-digit numbers in part of a reply, whatever contains them (a list, a list of objects, an object with them as keys,
 * one text) and however they are written: 12125550101, (212) 555-0101.
 */
export function numbersIn(value: unknown): string[] {
	if (typeof value === 'object' && value !== null) return Object.entries(value).flat().flatMap(numbersIn);
	const text = textIn(value) ?? '';
	return [...text.matchAll(/(?<!\d)(?:(?:00)?1\W*)?(\d{3})\W{0,2}(\d{3})\W{0,2}(\d{4})(?!\d)/g)].map(
		(match) => match.slice(1).join(''),
	);
}

import { invalid } from '../shared/errors';
import { boundedText } from '../shared/operation/bounds';
import { textField } from '../shared/operation/fields';
import type { ParameterReader } from '../shared/operation/types';
import { shown, withoutInvisible } from '../shared/values/text';

const WHO = 'Give a name, an organization or both';
const STREET = 'Street and number, or a box; of more than 40 characters some may not be printed';
const ZIP = 'In the US, five or nine digits. Keep it a text, so that zeros in front are not lost.';
const COUNTRY = 'Its name in English; empty for the United States, Puerto Rico, Guam and the like';

/** The fields of an address in the order in which one is written: name, label, example, help, and the name in a list. */
export const FIELDS = [
	['firstName', 'First Name', 'Ann', WHO, 'First_name'],
	['lastName', 'Last Name', 'Lee', WHO, 'Last_name'],
	['organization', 'Organization', 'Lee & Sons', WHO, 'Organization'],
	['address1', 'Address Line 1', '1 Main St', STREET, 'Address1'],
	['address2', 'Address Line 2', 'Apt 4', 'Such as a floor or a suite; may be empty', 'Address2'],
	['city', 'City', 'Dayton', 'City or town', 'City'],
	['state', 'State', 'OH', 'In the US, its two letters', 'State'],
	['zip', 'ZIP Code', '45402', ZIP, 'Zip'],
	['country', 'Country', 'Brazil', COUNTRY, 'Country_non-US'],
] as const;

type Field = (typeof FIELDS)[number][0];

/**
 * Where a piece goes, or whom it comes from; a field is empty where nothing is given. In the US the state has two letters,
 * the ZIP code is 12345 or 12345-6789, and the country is empty.
 */
export type Address = Record<Field, string>;

export const ADDRESS_FIELDS = FIELDS.map(([name, displayName, example, description]) =>
	textField(displayName, name, { placeholder: `e.g. ${example}`, description }),
);

/** No limit is known; no line of an address is longer than this. */
const LONGEST_LINE = 200;

/** By its name, its code or both, as shops write it: United States (US). */
const USA = /^(USA?|UNITEDSTATES(OFAMERICA)?)+$/;

/**
 * Territories that others list as countries. To the US post they are states, and mail there carries no country. By their two
 * letters, with the names that they go by. Source: USPS, Publication 28, appendix B.
 */
const TERRITORIES: Array<[state: string, names: RegExp]> = [
	['AS', /AMERICANSAMOA|SAMOAAMERICAN/],
	['GU', /GUAM/],
	['MP', /NORTHERNMARIANA/],
	['PR', /PUERTORICO/],
	['VI', /^(?!.*BRIT).*VIRGINISLANDS|^USVI$/],
];

const lettersOf = (text: string) => text.toUpperCase().replace(/\bTHE\b|\P{L}/gu, '');

/** The two letters of the territory that is named; undefined where none is. */
function territoryOf(letters: string): string | undefined {
	return TERRITORIES.find(([state, names]) => letters === state || names.test(letters))?.[0];
}

/**
 * Reads an address, and checks that it can be one.
 *
 * @param at path before the fields' names, such as `options.returnAddress.`
 * @throws OperationError `invalid`
 */
export function addressIn(read: ParameterReader, at = ''): Address {
	const given = Object.fromEntries(FIELDS.map(([name]) => [name, lineIn(read, `${at}${name}`)])) as Address;
	const country = lettersOf(given.country);
	const territory = territoryOf(country);
	const isUs = given.country === '' || territory !== undefined || USA.test(country);
	const state = territoryOf(lettersOf(given.state)) ?? (given.state.toUpperCase() || (territory ?? ''));
	const address = isUs ? { ...given, state, country: '' } : given;
	const label = (name: Field) => read.label(`${at}${name}`);
	if (`${address.firstName}${address.lastName}${address.organization}` === '') {
		throw invalid(label('organization'), 'and the names are all empty', `${WHO}.`);
	}
	for (const name of ['address1', 'city'] as const) {
		if (address[name] === '') throw invalid(label(name), 'is empty', 'Mail can’t be delivered without it.');
	}
	if (isUs && !/^[A-Z]{2}$/.test(state)) {
		const advice = 'Write it like OH. For another country, fill in “Country”.';
		throw invalid(label('state'), `must be two letters, but is "${shown(state)}"`, advice);
	}
	if (territory !== undefined && state !== territory) {
		const trouble = `must be ${territory} for ${shown(given.country)}, but is "${state}"`;
		throw invalid(label('state'), trouble, 'Correct “State”, or “Country”.');
	}
	if (!isUs && country.length < 4) {
		const advice = 'Write it out in English, like Brazil.';
		throw invalid(label('country'), `must be a name, but is "${shown(address.country)}"`, advice);
	}
	return isUs ? { ...address, zip: zipOf(address.zip, label('zip')) } : address;
}

function lineIn(read: ParameterReader, path: string): string {
	const text = boundedText(withoutInvisible(read.text(path)), read.label(path), LONGEST_LINE);
	if (/[\r\n]/.test(text)) throw invalid(read.label(path), `must be one line, but is "${shown(text)}"`);
	return text.replace(/\s+/g, ' ');
}

function zipOf(text: string, label: string): string {
	const [, five, four] = /^(\d{5})[ -]?(\d{4})?$/.exec(text) ?? [];
	if (five !== undefined) return four === undefined ? five : `${five}-${four}`;
	const advice =
		'Spreadsheets drop zeros in front: 02138 has five digits. For another country, fill in “Country”.';
	throw invalid(label, `must be five or nine digits, but is "${shown(text)}"`, advice);
}

/**
 * The return address as fields of a job. The first line is spelled in two ways by Click2Mail's own documents, so it is
 * sent in both.
 */
export function returnFields(address: Address): Record<string, string> {
	return {
		rtnName: `${address.firstName} ${address.lastName}`.trim(),
		rtnOrganization: address.organization,
		rtnaddress1: address.address1,
		rtnAddress1: address.address1,
		rtnaddress2: address.address2,
		rtnAddress2: address.address2,
		rtnCity: address.city,
		rtnState: address.state,
		rtnZip: address.zip,
	};
}

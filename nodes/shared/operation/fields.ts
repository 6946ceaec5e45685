import type { INodeProperties } from 'n8n-workflow';

/** What else there is to say of a field. */
type Others = Omit<INodeProperties, 'displayName' | 'name' | 'type' | 'default'>;

/** A field for a text, empty at first unless it says otherwise. */
export function textField(
	displayName: string,
	name: string,
	others: Others & { default?: string },
): INodeProperties {
	return { displayName, name, type: 'string', default: '', ...others };
}

/** A field for a number. @param value at first */
export function numberField(
	displayName: string,
	name: string,
	value: number,
	others: Others,
): INodeProperties {
	return { displayName, name, type: 'number', default: value, ...others };
}

/** A switch, off at first unless it is to be on. */
export function booleanField(
	displayName: string,
	name: string,
	description: string,
	isOn = false,
): INodeProperties {
	const off: INodeProperties = { displayName, name, type: 'boolean', default: false, description };
	return isOn ? { ...off, default: true } : off;
}

/** A dropdown. @param value at first */
export function choiceField(
	displayName: string,
	name: string,
	value: string,
	others: Others,
): INodeProperties {
	return { displayName, name, type: 'options', default: value, ...others };
}

/** An entry of a dropdown. */
export function choice(name: string, value: string, description?: string) {
	return { name, value, ...(description !== undefined && { description }) };
}

/** A time, without one at first. */
export function dateTimeField(displayName: string, name: string, description: string): INodeProperties {
	return { displayName, name, type: 'dateTime', default: '', description };
}

/** A text that stands among the fields. */
export function noticeField(
	text: string,
	displayOptions?: INodeProperties['displayOptions'],
	name = 'notice',
): INodeProperties {
	return { displayName: text, name, type: 'notice', default: '', displayOptions };
}

/** Fields that a person adds where they are wanted, listed by their labels. */
export function collectionField(
	displayName: string,
	name: string,
	others: Others & { options: INodeProperties[] },
): INodeProperties {
	// Not localeCompare: its first call in a process loads the tables of all languages, 7 to 13 ms at n8n's start.
	const options = [...others.options].sort((a, b) =>
		a.displayName.toLowerCase() < b.displayName.toLowerCase() ? -1 : 1,
	);
	return { displayName, name, type: 'collection', default: {}, ...others, options };
}

/** By path, such as `options.subject`: what errors call fields, and what they hold where nobody has added them. */
export function knownOf(fields: INodeProperties[]) {
	const labels = new Map<string, string>();
	const defaults = new Map<string, unknown>();
	const takeNoteOf = (those: INodeProperties[], path = '', label = ''): void => {
		for (const field of those) {
			const own = `${path}${field.name}`;
			// Errors say the unit with the amount.
			labels.set(own, `${label}${field.displayName.replace(/ \([^)]*\)$/, '')}`);
			defaults.set(own, field.default);
			if (field.type !== 'collection') continue;
			const entries = (field.options ?? []).filter((entry) => 'type' in entry);
			takeNoteOf(entries, `${own}.`, path === '' ? '' : `${field.displayName}: `);
		}
	};
	takeNoteOf(fields);
	return { labels, defaults };
}

import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { invalid } from '../errors';
import { inUnits } from '../values/amount';
import { FILL_IN, LOOK_AT_EXPRESSION, namesIn, neededText, plainText, wholeText } from './bounds';
import { codeOf, counted, isEmail, kindOf, lookAlikeIn, shown, trimmed } from '../values/text';
import { isoOf, timeOf } from '../values/time';
import { knownOf } from './fields';
import type { ParameterReader } from './types';
import { entryOf, holdsExpression, isFilledIn } from './written';

/**
 * Makes the readers for all items of a run.
 *
 * A parameter is read from n8n once for each item, however many entries of it are asked for: n8n resolves all its
 * expressions each time. One without an expression is the same for every item, and is read once.
 */
export function parameterReaders(
	context: IExecuteFunctions,
	fields: INodeProperties[],
	credential: IDataObject,
): (item: number) => ParameterReader {
	const written = context.getNode().parameters;
	const form = { context, written, credential, ...knownOf(fields) };
	const constants = new Map<string, unknown>();

	const read = (item: number, name: string): unknown => {
		if (constants.has(name)) return constants.get(name);
		const value = context.getNodeParameter(name, item);
		if (!holdsExpression(written[name])) constants.set(name, value);
		return value;
	};

	return (item) => {
		const resolved = new Map<string, unknown>();
		const readOnce = (name: string): unknown => {
			if (!resolved.has(name)) resolved.set(name, read(item, name));
			return resolved.get(name);
		};
		return new ItemParameters(form, item, readOnce);
	};
}

/** What the readers of all items of a run have in common. */
interface Form {
	context: IExecuteFunctions;
	/** The parameters as the workflow holds them, expressions unresolved. */
	written: IDataObject;
	/** As errors name the fields, by path. */
	labels: Map<string, string>;
	/** By path. */
	defaults: Map<string, unknown>;
	credential: IDataObject;
}

class ItemParameters implements ParameterReader {
	constructor(
		private readonly form: Form,
		private readonly item: number,
		private readonly read: (name: string) => unknown,
	) {}

	get credential(): IDataObject {
		return this.form.credential;
	}

	get timeZone(): string {
		return this.form.context.getTimezone();
	}

	label(path: string): string {
		return this.form.labels.get(path) ?? path;
	}

	value(path: string): unknown {
		const [name, ...entries] = path.split('.') as [string, ...string[]];
		if (entries.length === 0) return this.read(name);
		return this.isGiven(path) ? entryOf(this.read(name), entries) : this.form.defaults.get(path);
	}

	isGiven(path: string): boolean {
		const [name, ...entries] = path.split('.') as [string, ...string[]];
		const entry = entries.pop()!;
		const holder = entryOf(this.read(name), entries);
		return typeof holder === 'object' && holder !== null && entry in holder;
	}

	verbatim(path: string): string {
		return plainText(this.value(path), this.label(path));
	}

	text(path: string): string {
		return wholeText(trimmed(this.verbatim(path)), this.label(path));
	}

	meant(path: string): string {
		const text = this.text(path);
		if (text !== '' || !this.isMapped(path)) return text;
		throw invalid(
			this.label(path),
			'is filled in by an expression, but is empty for this item',
			'Look at the expression, or remove it if nothing is meant to stand here.',
		);
	}

	required(path: string): string {
		return neededText(this.text(path), this.label(path));
	}

	naming(path: string): string {
		const text = this.required(path);
		if (isFilledIn(entryOf(this.form.written, path.split('.')), text)) return text;
		throw invalid(
			this.label(path),
			`is "${shown(text)}", of which a part that an expression fills in is empty`,
			'Look at the expression in this field: other items would have the same text, and only one of them would be acted on.',
		);
	}

	email(path: string): string {
		const email = this.meant(path);
		if (email === '' || isEmail(email)) return email;
		const other = lookAlikeIn(email);
		throw invalid(
			this.label(path),
			`is not an e-mail address: "${shown(email)}"${other === undefined ? '' : `, in which ${other} (${codeOf(other)}) is a letter of another script`}`,
			'Write one address like name@example.com, with nothing before or after it.',
		);
	}

	webAddress(path: string, advice: string): string {
		const url = this.meant(path);
		if (url === '' || (/^https?:\/\/[^\s/]/i.test(url) && URL.canParse(url))) return url;
		throw invalid(this.label(path), `is not a complete web address: "${shown(url)}"`, advice);
	}

	boolean(path: string): boolean {
		const value = this.value(path);
		if (value === true || value === 'true' || value === 1) return true;
		if (value === false || value === 'false' || value === 0) return false;
		const isNothing = value === undefined || value === null || value === '';
		throw invalid(
			this.label(path),
			`must be true or false, but ${isNothing ? 'is empty' : `is ${kindOf(value)}`}`,
			LOOK_AT_EXPRESSION,
		);
	}

	number(path: string, rule: Parameters<ParameterReader['number']>[1]): number {
		const value = this.value(path);
		if (typeof value === 'object' && value !== null) {
			throw invalid(this.label(path), `must be a number, but is ${kindOf(value)}`, LOOK_AT_EXPRESSION);
		}
		const text = ['number', 'boolean'].includes(typeof value) ? String(value) : this.text(path);
		if (text === '') throw invalid(this.label(path), 'is empty', FILL_IN);
		const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
		if (!(Math.abs(number) <= Number.MAX_SAFE_INTEGER)) {
			throw invalid(
				this.label(path),
				`must be a number${Number.isFinite(number) ? ' of a usual size' : ''}, but is "${shown(text)}"`,
				rule.decimals === 0
					? 'Write it with digits only, like 1000.'
					: 'Write it like 1000 or 10.50: digits, with a dot before the decimals and nothing else.',
			);
		}
		const rounded = inUnits(number, rule.decimals) / 10 ** rule.decimals;
		// What an expression computes, such as 0.1 + 0.2, misses the amount that is meant by a hair.
		const isExact = Math.abs(rounded - number) <= Math.max(1e-9, Math.abs(number) * 4 * Number.EPSILON);
		const meant = isExact ? rounded : number;
		const least = counted(rule.min, rule.unit);
		// An amount begins at 0, so that nothing is spent that nobody has typed.
		if (meant === 0 && rule.min > 0 && this.form.defaults.get(path) === 0)
			throw invalid(this.label(path), 'is not filled in', `Type at least ${least}.`);
		if (meant < rule.min) throw invalid(this.label(path), `must be at least ${least}, but is ${shown(text)}`);
		const { max = Infinity } = rule;
		if (meant > max)
			throw invalid(this.label(path), `must be at most ${counted(max, rule.unit)}, but is ${shown(text)}`);
		if (!isExact) {
			const places =
				rule.decimals === 0 ? 'a whole number' : `a number with at most ${rule.decimals} decimals`;
			throw invalid(this.label(path), `must be ${places}, but is ${shown(text)}`);
		}
		return meant;
	}

	choice<T extends string>(path: string, values: readonly T[]): T {
		const value = this.value(path);
		const text = typeof value === 'boolean' ? String(value) : this.text(path);
		const found = values.find((known) => known === text);
		if (found === undefined) {
			throw invalid(this.label(path), `must be one of ${values.join(', ')}, but is "${shown(text)}"`);
		}
		return found;
	}

	names(path: string): string[] {
		return namesIn(this.value(path), this.label(path));
	}

	time(path: string): number | undefined {
		const given = this.value(path);
		const value = typeof given === 'string' ? this.text(path) : given;
		if (value === undefined || value === null || value === '') return void this.meant(path);
		const time = typeof value === 'string' ? this.writtenTime(path, value) : timeOf(value);
		if (!Number.isFinite(time)) {
			throw invalid(
				this.label(path),
				`is not a date with a time: "${shown(String(value))}"`,
				'Pick one, or write it like 2026-12-24T18:00, with -05:00 after it for a time zone.',
			);
		}
		return time;
	}

	/** Whether an expression fills in a field, whatever it resolves to. */
	private isMapped(path: string): boolean {
		return holdsExpression(entryOf(this.form.written, path.split('.')));
	}

	private writtenTime(path: string, text: string): number {
		if (/^\d+$/.test(text)) return timeOf(Number(text));
		const iso = isoOf(text);
		if (iso === undefined) return NaN;
		const { DateTime } = this.form.context.getWorkflowDataProxy(this.item) as unknown as {
			DateTime: { fromISO(text: string, options: { zone: string }): { toMillis(): number; hour: number } };
		};
		const time = DateTime.fromISO(iso, { zone: this.timeZone });
		const [, hour, rest = ''] = /T(\d\d)(.*)/.exec(iso)!;
		// An hour that the clocks leave out in spring becomes another one.
		const isMoved = time.hour >= 0 && time.hour !== Number(hour) % 24;
		if (/[Z+-]/.test(rest) || !isMoved) return time.toMillis();
		throw invalid(
			this.label(path),
			`does not exist in the time zone ${this.timeZone}, where clocks are put forward then: ${shown(text)}`,
			'Give another time, or one with its distance from UTC, such as -05:00, after it.',
		);
	}
}

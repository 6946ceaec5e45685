import { objectIn } from '../shared/http/response';
import { trimmed } from '../shared/values/text';
import { phoneNumberOf } from '../shared/sms/phoneNumber';

/** Which of Club Texting's two callbacks brought a message. */
export type Kind = 'keyword' | 'reply';

/** A text message that somebody sent to the short code. */
export interface Incoming {
	/** Ten digits; as it came where it is not a North American number. */
	phoneNumber: string;
	message: string;
	kind: Kind;
}

/**
 * The message in a callback's form or query, told by its names: `PhoneNumber` and `Message` for a keyword, `from` and
 * `message` for a reply. Undefined when nobody sent it. Source: Club Texting, Incoming Message API.
 *
 * @param body wins over the query, which may have parameters of its own in the URL that Club Texting was given
 */
export function incomingIn(body: unknown, query: unknown): Incoming | undefined {
	const sources = [body, query].map(objectIn);
	const found = sources.map(senderIn).find((sender) => sender !== undefined);
	if (found === undefined) return undefined;
	const { kind, number, source } = found;
	const names = kind === 'keyword' ? ['Message', 'message'] : ['message', 'Message'];
	const message = [source, ...sources]
		.flatMap((fields) => names.map((name) => firstText(fields[name])))
		.find((text) => text !== undefined);
	return { phoneNumber: tenDigits(number), message: message ?? '', kind };
}

/** What is sent by somebody: its kind, the number as it came, and where it stands. */
function senderIn(source: Record<string, unknown>) {
	const keyword = firstText(source.PhoneNumber);
	if (keyword !== undefined) return { kind: 'keyword' as const, number: keyword, source };
	const reply = firstText(source.from);
	return reply === undefined ? undefined : { kind: 'reply' as const, number: reply, source };
}

/** The first text of a field that holds any: a JSON body may have numbers, and a name given twice makes a list. */
function firstText(value: unknown): string | undefined {
	return [value]
		.flat()
		.filter((entry) => typeof entry === 'string' || typeof entry === 'number')
		.map(String)
		.find((text) => trimmed(text) !== '');
}

function tenDigits(number: string): string {
	try {
		return phoneNumberOf(number, 'from');
	} catch {
		return number;
	}
}

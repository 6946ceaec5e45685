import { TAG } from '../shared/idempotency/preparations';
import { isAnswered, objectIn, readBody, textIn } from '../shared/http/response';
import { parseXml } from '../shared/http/xml';
import { adviceByStatus } from '../shared/http/statusAdvice';
import { verdictByStatus } from '../shared/http/statusVerdict';
import type { HttpRequest, HttpResponse, Refusal, Verdict } from '../shared/provider';

/**
 * What a reply tells of itself, whatever its root element is; the name of that is null where the fields stand there themselves.
 *
 * @param another a field besides the status by which an entry without a root element is known
 */
export function entryOf(data: unknown, another: string) {
	const whole = objectIn(data);
	const isBare = 'status' in whole || another in whole;
	const [name = '', inner] = Object.entries(whole)[0] ?? [];
	const fields = isBare ? whole : objectIn(inner);
	const status = textIn(fields.status)?.trim() ?? null;
	return { fields, status, words: textIn(fields.description), root: isBare ? null : name };
}

export function refusalOf(response: HttpResponse, code: string, words: string | null): Verdict {
	return {
		kind: 'refused',
		message: words ?? `the request (status ${code})`,
		code,
		...(response.status === 401 && { affects: 'run' }),
	};
}

/**
 * What a reply about mail says, whatever its root element is. A write is a success when its HTTP status is 2xx, its own
 * `status` 0 (an address list's is a state, of which 9 alone is a failure) and its `id` not 0: failures are documented inside
 * HTTP 200, too. Of a read, `status` is a state (9 is a draft), so only one that names nothing by its `id` is a failure.
 * Source: REST API return codes; Create a Job, Submit a Job, Check Job Status pages.
 */
export function classifyMail(response: HttpResponse, { method, path }: HttpRequest): Verdict {
	const body = readBody(response, parseXml);
	if (!('data' in body)) return verdictByStatus(response, body);
	const { fields, status, words } = entryOf(body.data, 'description');
	const id = textIn(fields.id)?.trim() ?? null;
	const answered = isAnswered(response);

	const isRead = method === 'GET';
	const good = path === '/addressLists' ? /^[0-8]$/ : /^0$/;
	const isGood = good.test(status ?? '');
	const asked = /^\/(?:jobs|addressLists)\/(\d+)(?:\/(?:submit|cost))?$/.exec(path)?.[1];
	if (answered && asked !== undefined && Number(id) > 0 && id !== asked)
		return { kind: 'unclear', why: `a reply about ${id} came back` };
	// A cost is one whatever stands beside it.
	const isTold = isRead && (Number(id) > 0 || Number(fields.cost) > 0);
	// Another number in the reply to a submit may be the state that the job has got by it.
	const failures = path.endsWith('/submit') ? /^[129]$/ : /^[1-9]$/;
	const isFailure = failures.test(status ?? '') && !(isRead ? isTold && answered : isGood);
	if (isFailure && response.status < 500) return refusalOf(response, status!, words);
	if (answered && (id !== '0' || isTold) && (isRead || isGood)) return { kind: 'done', value: fields };
	return isGood && !isRead && !answered
		? { kind: 'unclear', why: `a success inside HTTP ${response.status}` }
		: verdictByStatus(response, body, words);
}

/** What a person can do about a refusal that concerns mail. */
export function mailAdvice(refusal: Refusal): string {
	const { message, code, request } = refusal;
	if (/sufficient credit/i.test(message))
		return 'Nothing was mailed. Buy credit, such as with “Cover Job” of the node Click2Mail Credit, and submit the same job with “Job: Submit”.';
	if (/sku not found/i.test(message)) return `Nothing was mailed. ${skuOf(request)}`;
	if (/duplicate/i.test(message)) {
		const isReference = !TAG.test(`${String(request?.form?.documentName)} ${request?.xml}`);
		const [what, before] = isReference ? ['The reference', 'use another one'] : ['It', 'run it anew'];
		return `Nothing was mailed by this run. ${what} was used before, so a job with it may be there: look for it at Click2Mail before you ${before}.`;
	}
	if (code === undefined) return adviceByStatus(refusal);
	return 'Nothing was mailed or charged. Correct what Click2Mail names, or ask support@click2mail.com.';
}

/** What names a product in the form of a job. */
const SKU = ['documentClass', 'layout', 'productionTime', 'envelope', 'color', 'paperType', 'printOption'];

function skuOf(request: HttpRequest | undefined): string {
	const shown = SKU.map((name) => `${name} “${String(request?.form?.[name] ?? '')}”`);
	return `Click2Mail does not sell this combination (any more): ${shown.join(', ')}. Try other options, or report it to the authors of this package.`;
}

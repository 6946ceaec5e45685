import { isResponse } from './request';
import type { Interruption } from './networkError';
import { UnrecognisedReply } from './response';
import type { HttpRequest, HttpResponse, Provider, Verdict } from '../provider';
import type { Redactor } from '../redact';
import { shortened } from '../values/text';

/** A verdict with what it rests on. */
export interface Evaluation<T> {
	verdict: Verdict<T>;
	/** Undefined where no response came. */
	response: HttpResponse | undefined;
}

/**
 * Says what a request came to. It is done only when the provider's classifier recognises a success and nothing that the
 * item needs is missing. The provider's words are redacted here; what it gave to work with is redacted where it is shown or kept.
 */
export function evaluate<T>(
	provider: Provider,
	result: HttpResponse | Interruption,
	parse: (data: unknown) => T,
	redact: Redactor,
	request?: HttpRequest,
): Evaluation<T> {
	if (!isResponse(result)) {
		const { hasLeft, ...rest } = result;
		return { verdict: { kind: hasLeft ? 'unclear' : 'notSent', ...rest }, response: undefined };
	}
	return { verdict: verdictOf(provider, result, parse, redact, request), response: result };
}

/** A refusal may name each number of a large request; what is longer says nothing more. In characters. */
const LONGEST_WORDS = 20_000;
const LONGEST_CODE = 60;

function verdictOf<T>(
	provider: Provider,
	response: HttpResponse,
	parse: (data: unknown) => T,
	redact: Redactor,
	request: HttpRequest | undefined,
): Verdict<T> {
	try {
		const verdict = provider.classify(response, request);
		switch (verdict.kind) {
			case 'done':
				return { kind: 'done', value: parse(verdict.value) };
			case 'refused':
			case 'notProcessed':
				return {
					...verdict,
					message: shortened(redact(verdict.message), LONGEST_WORDS),
					...(verdict.code !== undefined && { code: codeIn(verdict.code, redact) }),
				};
			default:
				return { ...verdict, why: shortened(redact(verdict.why), LONGEST_WORDS) };
		}
	} catch (error) {
		// Whatever it was, the request has left.
		const isExplained = error instanceof UnrecognisedReply;
		return { kind: 'unclear', why: isExplained ? error.message : 'the reply could not be understood' };
	}
}

/** A number is one of the provider's codes; a text may repeat anything that was sent. */
function codeIn(code: string, redact: Redactor): string {
	return /^\d{1,9}$/.test(code) ? code : shortened(redact(code), LONGEST_CODE);
}

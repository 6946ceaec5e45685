import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { invalid, type OperationError } from '../errors';

/**
 * Looks for a time or a filter that somebody has added in the form and left empty. Taken for nothing, it would send at once
 * what was to be scheduled, or list everybody. Other texts may be left empty: they add nothing then. What an expression
 * resolves to is the matter of whoever reads it.
 *
 * @param written the node's parameters as they are saved
 * @returns what is wrong with every item; undefined where nothing is
 */
export function leftEmptyIn(fields: INodeProperties[], written: INodeParameters): OperationError | undefined {
	for (const { name, type, options = [] } of fields) {
		const added = written[name];
		if (type !== 'collection' || typeof added !== 'object' || added === null) continue;
		for (const entry of options) {
			if (!('type' in entry) || (entry.type !== 'dateTime' && name !== 'filters')) continue;
			const value = (added as INodeParameters)[entry.name];
			if (typeof value !== 'string' || value.trim() !== '') continue;
			return invalid(
				entry.displayName,
				'is empty',
				'It was added and would do nothing: fill it in, or remove it from the form.',
			);
		}
	}
	return undefined;
}

/** What a map has for a key; made and kept where it has nothing yet. */
export function madeOnce<K, V>(
	map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
	key: K,
	make: () => V,
): V {
	const known = map.get(key);
	if (known !== undefined) return known;
	const made = make();
	map.set(key, made);
	return made;
}

/** What is under way for a key, for all who ask meanwhile; begun where nothing is. */
export async function together<K, V>(
	underWay: Map<K, Promise<V>>,
	key: K,
	begin: () => Promise<V>,
): Promise<V> {
	return await madeOnce(underWay, key, async () => await begin().finally(() => underWay.delete(key)));
}

/** Values by what they have in common, all in their order. */
export function groupedBy<T, K>(values: T[], keyOf: (value: T) => K): Map<K, T[]> {
	const groups = new Map<K, T[]>();
	for (const value of values) madeOnce(groups, keyOf(value), () => []).push(value);
	return groups;
}

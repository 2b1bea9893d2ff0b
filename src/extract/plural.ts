/**
 * English plurals as Sequelize makes them of model names (with the package `inflection`); the case is kept.
 * https://sequelize.org/docs/v6/core-concepts/model-basics/#table-name-inference
 */
export function plural(name: string): string {
  if (uncountable.has(name.toLowerCase()) || alreadyPlural.some(p => p.test(name))) return name;
  for (const [pattern, made] of rules) if (pattern.test(name)) return name.replace(pattern, made);
  return `${name}s`;
}

/** For the names of associations: `getOrder` of a model `orders`. */
export function singular(name: string): string {
  if (uncountable.has(name.toLowerCase())) return name;
  for (const [pattern, made] of singulars) if (pattern.test(name)) return name.replace(pattern, made);
  return name;
}

/** `OrderItems` is `order_items`; each capital counts, so `APIKeys` is `a_p_i_keys`. */
export function underscored(name: string): string {
  return name
    .replace(/([A-Z])/g, '_$1')
    .replace(/^_/, '')
    .toLowerCase();
}

const uncountable = new Set([
  'equipment',
  'information',
  'rice',
  'money',
  'species',
  'series',
  'fish',
  'sheep',
  'moose',
  'deer',
  'news',
]);

const alreadyPlural: readonly RegExp[] = [
  /men$/i,
  /people$/i,
  /children$/i,
  /[ti]a$/i,
  /(?:analy|ba|diagno|parenthe|progno|synop|the)ses$/i,
  /(?:hive|tive|curve)s$/i,
  /[lr]ves$/i,
  /[^fo]ves$/i,
  /(?:[^aeiouy]|qu)ies$/i,
  /series$/i,
  /movies$/i,
  /(?:x|ch|ss|sh)es$/i,
  /[ml]ice$/i,
  /buses$/i,
  /oes$/i,
  /shoes$/i,
  /(?:cris|ax|test)es$/i,
  /(?:octop|vir)i$/i,
  /(?:alias|status)es$/i,
  /^oxen/i,
  /(?:vert|ind)ices$/i,
  /matrices$/i,
  /quizzes$/i,
];

const rules: readonly (readonly [RegExp, string])[] = [
  [/(m)an$/i, '$1en'],
  [/(pe)rson$/i, '$1ople'],
  [/(child)$/i, '$1ren'],
  [/^(ox)$/i, '$1en'],
  [/(ax|test)is$/i, '$1es'],
  [/(octop|vir)us$/i, '$1i'],
  [/(alias|status)$/i, '$1es'],
  [/(bu)s$/i, '$1ses'],
  [/(buffal|tomat|potat)o$/i, '$1oes'],
  [/([ti])um$/i, '$1a'],
  [/sis$/i, 'ses'],
  [/([^f])fe$/i, '$1ves'],
  [/([lr])f$/i, '$1ves'],
  [/([^aeiouy]|qu)y$/i, '$1ies'],
  [/(x|ch|ss|sh)$/i, '$1es'],
  [/(matr|vert|ind)(?:ix|ex)$/i, '$1ices'],
  [/([ml])ouse$/i, '$1ice'],
  [/(quiz)$/i, '$1zes'],
  [/s$/i, 's'],
];

const singulars: readonly (readonly [RegExp, string])[] = [
  [/(m)en$/i, '$1an'],
  [/(pe)ople$/i, '$1rson'],
  [/(child)ren$/i, '$1'],
  [/(analy|ba|diagno|parenthe|progno|synop|the)ses$/i, '$1sis'],
  [/([lr])ves$/i, '$1f'],
  [/([^aeiouy]|qu)ies$/i, '$1y'],
  [/(x|ch|ss|sh)es$/i, '$1'],
  [/([ml])ice$/i, '$1ouse'],
  [/(bus)es$/i, '$1'],
  [/(alias|status)es$/i, '$1'],
  [/(alias|status|bus|ss|sis)$/i, '$1'],
  [/s$/i, ''],
];

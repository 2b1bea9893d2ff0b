/**
 * A setting as it may be shown: without passwords, tokens and keys. It may hide too much, and never too little: all
 * that stands before the last @ is taken for credentials.
 */
export function masked(name: string, value: string): string {
  if (secretName.test(name)) return '***';
  if (/[{}\n]/.test(value.replace(/\$\{\w+\}/g, ''))) return '…';
  const shown = value
    .replace(/^([\w+.:-]*:\/\/)?(.*)@/s, (_, scheme = '', credentials: string) => `${scheme}${userOf(credentials)}***@`)
    .replace(/((?:pass|pwd|secret|token|key|auth|credential|sig)[\w-]{0,100}\s*=\s*)[^;&]*/gi, '$1***');
  return shown.length > 120 ? `${shown.slice(0, 119)}…` : shown;
}

const secretName = /pass(?!port)|pwd|secret|token|credential|private|api_?key|access_?key|_key$|^key$|salt|signature/i;

function userOf(credentials: string): string {
  const cut = credentials.indexOf(':');
  return cut > 0 && /^[\w.-]+$/.test(credentials.slice(0, cut)) ? `${credentials.slice(0, cut)}:` : '';
}

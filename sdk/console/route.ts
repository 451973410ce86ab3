/** The open conversation stands in the address, `/console#/<id>`: links work, and so does the browser's Back. */
import { useEffect, useState } from 'preact/hooks';

export function openId(hash: string): string | null {
  return /^#\/([0-9A-HJKMNP-TV-Z]{26})$/u.exec(hash)?.[1] ?? null;
}

export function useOpen(): [string | null, (id: string | null) => void] {
  const [id, setId] = useState(() => openId(location.hash));
  useEffect(() => {
    const moved = () => setId(openId(location.hash));
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return [id, (next) => { location.hash = next === null ? '#/' : `#/${next}`; }];
}

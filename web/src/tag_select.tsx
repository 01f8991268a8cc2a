// Choosing tags, known ones or new: the list goes away with every choice, so that it covers nothing one has to see next.
import { Select } from 'antd';
import { useState } from 'react';

import { hooks } from './api/client';

export function TagSelect({
  id,
  label,
  placeholder,
  value,
  onChange,
  onlyKnown = false,
}: {
  id?: string;
  label?: string;
  placeholder?: string;
  value: string[];
  onChange: (tags: string[]) => void;
  onlyKnown?: boolean;
}) {
  const tags = hooks.useQuery('get', '/tags');
  const [open, setOpen] = useState(false);
  return (
    <Select
      {...(id ? { id } : {})}
      {...(label ? { 'aria-label': label } : {})}
      placeholder={placeholder}
      mode={onlyKnown ? 'multiple' : 'tags'}
      tokenSeparators={[',', '，', '、']}
      value={value}
      options={(tags.data?.items ?? []).map((tag) => ({ value: tag.name, label: tag.name }))}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ onSearch: () => setOpen(true) }}
      onSelect={() => setOpen(false)}
      onChange={onChange}
    />
  );
}

// A calendar day, as the browser's own field: known keys, the system's calendar, no weight.
export function DayInput({
  label,
  value,
  onChange,
  max,
  clearable = false,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
  max?: string;
  clearable?: boolean; // an empty field is an answer too
}) {
  return (
    <input
      type="date"
      className="day-input"
      aria-label={label}
      value={value}
      max={max}
      onChange={(event) => {
        const day = event.target.value;
        if (/^\d{4}-\d{2}-\d{2}$/.test(day) || (clearable && day === '')) onChange(day);
      }}
    />
  );
}

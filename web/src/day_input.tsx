// A calendar day, as the browser's own field: known keys, the system's calendar, no weight.
export function DayInput({ label, value, onChange, max }: { label: string; value: string; onChange: (day: string) => void; max?: string }) {
  return (
    <input
      type="date"
      className="day-input"
      aria-label={label}
      value={value}
      max={max}
      onChange={(event) => {
        if (/^\d{4}-\d{2}-\d{2}$/.test(event.target.value)) onChange(event.target.value);
      }}
    />
  );
}

/** The mark of Maillage: five knots, one mesh. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden focusable={false}>
      <rect width="32" height="32" rx="7" fill="#0c5c6b" />
      <g fill="none" stroke="#fff" strokeWidth="2.2" strokeLinejoin="round">
        <path d="M8 23V9.500l8 8 8-8V23" />
        <path d="M8 23l8-5.500 8 5.500" strokeOpacity=".55" />
      </g>
      <g fill="#fff">
        <circle cx="8" cy="9.500" r="2.700" />
        <circle cx="24" cy="9.500" r="2.700" />
        <circle cx="8" cy="23" r="2.700" />
        <circle cx="24" cy="23" r="2.700" />
        <circle cx="16" cy="17.500" r="2.700" />
      </g>
    </svg>
  );
}

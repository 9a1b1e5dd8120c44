// The one small set of icons. Always drawn with text beside it or a label on its button.
import {
  ArrowLeft, ArrowRight, Ban, Briefcase, Building2, CalendarClock, CalendarDays, Check, CheckCheck, ChevronDown, ChevronRight,
  ChevronsUpDown, ChevronUp, CircleAlert, CircleDashed, CircleUser, Clock, CloudOff, Contact, Download, Ellipsis, EllipsisVertical,
  FileUp, Filter, Globe, Hand, Info, Keyboard, List, Lock, LockOpen, LogOut, Mail, Map, MapPin, Maximize2, Minimize2, Moon, PauseCircle,
  PenLine, Phone, Plus, Printer, RefreshCw, Search, Sun, SunMoon, Target, TriangleAlert, Undo2, Users, X, CalendarPlus, FileText,
  ArrowRightLeft, Inbox, Handshake, Lasso, ListFilter, Minus, Scale, UsersRound, Sprout, Tag, type LucideIcon,
} from "lucide-react";

const icons = {
  back: ArrowLeft,
  forward: ArrowRight,
  opposed: Ban,
  offers: Briefcase,
  companies: Building2,
  due: CalendarClock,
  visits: CalendarDays,
  plan: CalendarPlus,
  check: Check,
  kept: CheckCheck,
  down: ChevronDown,
  up: ChevronUp,
  right: ChevronRight,
  sort: ChevronsUpDown,
  alert: CircleAlert,
  free: CircleDashed,
  member: CircleUser,
  clock: Clock,
  offline: CloudOff,
  contact: Contact,
  download: Download,
  more: Ellipsis,
  menu: EllipsisVertical,
  imports: FileUp,
  filter: Filter,
  public: Globe,
  promise: Hand,
  info: Info,
  keys: Keyboard,
  list: List,
  reserved: Lock,
  open: LockOpen,
  leave: LogOut,
  mail: Mail,
  map: Map,
  place: MapPin,
  larger: Maximize2,
  smaller: Minimize2,
  dark: Moon,
  resting: PauseCircle,
  edit: PenLine,
  phone: Phone,
  add: Plus,
  print: Printer,
  refresh: RefreshCw,
  search: Search,
  light: Sun,
  system: SunMoon,
  today: Target,
  warning: TriangleAlert,
  undo: Undo2,
  actors: Users,
  close: X,
  note: FileText,
  empty: Inbox,
  need: Sprout,
  review: Scale,
  segment: ListFilter,
  tag: Tag,
  agreement: Handshake,
  transfer: ArrowRightLeft,
  lasso: Lasso,
  less: Minus,
  team: UsersRound,
} satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof icons;

export function Icon({ name, size = 16, label }: { name: IconName; size?: number; label?: string }) {
  const Drawing = icons[name];
  return (
    <Drawing
      size={size}
      strokeWidth={1.75}
      aria-hidden={label ? undefined : true}
      aria-label={label}
      role={label ? "img" : undefined}
      focusable={false}
    />
  );
}

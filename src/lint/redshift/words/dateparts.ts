// Parts of a date or time, with their short names. https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html

const names = `
  millennium millennia mil mils
  century centuries c cent cents
  decade decades dec decs
  epoch
  year years y yr yrs
  quarter quarters qtr qtrs
  month months mon mons
  week weeks w
  dayofweek dow dw weekday
  dayofyear doy dy yearday
  day days d
  hour hours h hr hrs
  minute minutes m min mins
  second seconds s sec secs
  millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon
  microsecond microseconds microsec microsecs usecond useconds us usec usecs
  timezone timezone_hour timezone_minute`;

export const dateParts: ReadonlySet<string> = new Set(names.split(/\s+/).filter((word) => word !== ''));

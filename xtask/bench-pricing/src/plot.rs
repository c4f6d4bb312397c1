//! Curves over two logarithmic axes, as SVG that reads on light and dark pages alike.

use std::fmt::Write as _;

use crate::table::{grouped, time};

const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;

/// A curve by its name: how large, how long in nanoseconds.
pub struct Curve {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// The plot of some curves.
pub fn plot(title: &str, across: &str, curves: &[Curve]) -> String {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let span = |values: &dyn Fn(&(f64, f64)) -> f64| {
        let logs = points().map(|point| values(point).log10());
        (logs.clone().fold(f64::MAX, f64::min).floor(), logs.fold(f64::MIN, f64::max).ceil())
    };
    let ((x0, x1), (y0, y1)) = (span(&|point| point.0), span(&|point| point.1));
    let x = |value: f64| LEFT + (value.log10() - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - (value.log10() - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <title>{title}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"15\" font-weight=\"600\" fill=\"#111\">{title}</text>\n"
    );
    for power in x0 as i32..=x1 as i32 {
        let value = 10_f64.powi(power);
        let (at, foot) = (x(value), HEIGHT - BOTTOM);
        let _ = writeln!(
            svg,
            "<path d=\"M{at:.1} {TOP}V{foot}\" stroke=\"#ddd\"/><text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#444\">{}</text>",
            foot + 18.0,
            grouped(value as u64)
        );
    }
    for power in y0 as i32..=y1 as i32 {
        let value = 10_f64.powi(power);
        let (at, right) = (y(value), WIDTH - RIGHT);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#444\">{}</text>",
            LEFT - 8.0,
            at + 4.0,
            time(value).replace(".0 ", " ")
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#444\">{across}</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 10.0
    );
    // Names stand where their curves end, moved apart where those are close together.
    let mut ends: Vec<(usize, f64)> = curves
        .iter()
        .enumerate()
        .filter_map(|(place, curve)| Some((place, y(curve.points.last()?.1))))
        .collect();
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut lowest = f64::MIN;
    for (_, at) in &mut ends {
        *at = at.max(lowest + 15.0);
        lowest = *at;
    }
    for (place, label) in ends {
        let (curve, colour) = (&curves[place], COLOURS[place % COLOURS.len()]);
        let line: Vec<String> =
            curve.points.iter().map(|(size, time)| format!("{:.1},{:.1}", x(*size), y(*time))).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        );
        for (size, time) in &curve.points {
            let _ = writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>",
                x(*size),
                y(*time)
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" fill=\"{colour}\">{}</text>",
            WIDTH - RIGHT + 10.0,
            label + 4.0,
            curve.name
        );
    }
    svg + "</svg>\n"
}
